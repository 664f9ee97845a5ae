import { MAX_TOKEN_SIZE } from "../protocol/limits.ts";
import { UsageError } from "./flags.ts";

/**
 * Reads the token that `--token-file PATH` names: everything in the file but
 * the line break at its end.
 *
 * @throws {UsageError} If the file cannot be read, or holds no token.
 */
export function readToken(path: string): Uint8Array<ArrayBuffer> {
  const bytes = read("token-file", path, Deno.readFileSync);
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (bytes[end - 1] === 0x0d) end--;
  if (end === 0 || end > MAX_TOKEN_SIZE) {
    throw new UsageError(
      `Expected a token of 1 to ${MAX_TOKEN_SIZE} bytes in ${path}, got ${end}`,
    );
  }
  return bytes.subarray(0, end);
}

/**
 * Reads the certificate or the key that a flag names: a text in PEM. With
 * `label`, such as `CERTIFICATE`, it has to hold at least one of that kind.
 *
 * @throws {UsageError} If the file cannot be read, or is something else.
 */
export function readPem(flag: string, path: string, label = ""): string {
  const text = read(flag, path, Deno.readTextFileSync);
  if (text.includes(`-----BEGIN ${label}`)) return text;
  throw new UsageError(
    `--${flag} takes a file in PEM, with a line "-----BEGIN ${
      label === "" ? "…" : `${label}-----`
    }", not ${path}`,
  );
}

/**
 * Reads the file of secrets that a flag names, as it is.
 *
 * @throws {UsageError} If the file cannot be read.
 */
export function readSecret(
  flag: string,
  path: string,
): Uint8Array<ArrayBuffer> {
  return read(flag, path, Deno.readFileSync);
}

/**
 * Gives up the permissions to read and to write files, once all that is needed
 * has been read and opened: whoever takes over the program later finds none.
 */
export function forgetFiles(): void {
  Deno.permissions.revokeSync({ name: "read" });
  Deno.permissions.revokeSync({ name: "write" });
}

function read<T>(flag: string, path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new UsageError(`Cannot read --${flag} ${path}: ${why}`);
  }
}

/**
 * Makes Parley's executables: `deno task compile [--output DIR] [--target TARGET]`,
 * into `dist/` if no other directory is given, and for this system if no other
 * target of `deno compile` is. Each is one file that runs where no Deno is
 * installed, with the permissions that deno.json gives its program.
 *
 * They are made with `deno compile`. It needs a runtime that it downloads from
 * dl.deno.land, once for every version of Deno (or finds where `DENORT_BIN`
 * points to). Where it cannot be downloaded, the program is packed instead: its
 * bundle and the Deno that runs this tool, compressed, behind a shell header
 * that unpacks them at the first start; `self_extracting.sh` is that header. Such
 * a file runs on the system that it was packed on: Linux or macOS.
 *
 * A packed program is 41 MiB, nearly all of it Deno. gzip is the one
 * decompressor that every machine has; at its default level it takes 2 s for
 * both programs together, and its fastest level saves 1 s of them for 10 MiB more.
 *
 * Exit codes: 0 if both are made; 1 if not, after the reason; 2 for wrong usage.
 *
 * @module
 */

import { TextLineStream } from "@std/streams/text-line-stream";
import { parseFlags, runProgram, UsageError } from "../terminal/mod.ts";
import { PACKAGE_FLAGS } from "./packages.ts";
import { permissionFlags } from "./task.ts";

/** A program to make an executable of. */
interface Program {
  /** The executable's name, without the `.exe` of Windows. */
  name: string;
  /** Its main module. */
  entry: string;
  /** The name of its permission set in deno.json. */
  permissions: string;
}

const PROGRAMS: Program[] = [
  { name: "parley-server", entry: "server.ts", permissions: "server" },
  { name: "parley-client", entry: "client.ts", permissions: "client" },
];

/** Where `deno compile` downloads its runtime from. */
const RUNTIME_ORIGIN = "https://dl.deno.land";

/** How long it may take to begin an answer, in milliseconds. */
const RUNTIME_TIMEOUT_MS = 5_000;

/** The length of a packed file's shell header, filled up with empty lines. */
const HEADER_BYTES = 8192;

/** One of the two parts that a packed file carries. */
interface Payload {
  compressed: Uint8Array;
  /** Of the part as it is unpacked, in hexadecimal. */
  sha256: string;
  /** Of the part as it is unpacked, in bytes. */
  size: number;
}

/** Ends the tool with a message instead of a stack trace. */
class CompileError extends Error {}

/**
 * Makes the executables in `directory` and prints a line about each.
 *
 * @param target The system to make them for, as `deno compile` names it.
 * @throws {CompileError} If one cannot be made.
 */
async function makeExecutables(
  programs: Program[],
  directory: string,
  target: string,
) {
  const unfinished = await makeDirectories(directory);
  try {
    await runDeno("check", programs.map(({ entry }) => entry));

    let deno: Payload | undefined;
    for (const program of programs) {
      let how = "made by deno compile";
      let file = deno ? undefined : await compile(program, unfinished, target);
      if (file === undefined) {
        how = `packed with Deno ${Deno.version.deno}`;
        deno ??= await thisDeno(target);
        file = await pack(program, deno, unfinished);
      }
      const path = `${directory}/${file}`;
      // An older one may be running: it is not written to.
      await Deno.rename(`${unfinished}/${file}`, path);
      const { size } = await Deno.stat(path);
      console.log(`${path}  ${(size / 2 ** 20).toFixed(1)} MiB  ${how}`);
    }
  } finally {
    await Deno.remove(unfinished, { recursive: true });
  }
}

/**
 * Makes `directory` where it is missing, and in it one for what is not finished.
 *
 * @returns The path of the latter.
 * @throws {CompileError} If that is not possible.
 */
async function makeDirectories(directory: string): Promise<string> {
  try {
    await Deno.mkdir(directory, { recursive: true });
    return await Deno.makeTempDir({ dir: directory, prefix: "unfinished-" });
  } catch (error) {
    const { message } = error as Error;
    throw new CompileError(`Cannot write to ${directory}: ${message}`);
  }
}

/**
 * Makes an executable with `deno compile`.
 *
 * @returns Its name, or nothing if the runtime cannot be downloaded.
 * @throws {CompileError} If it fails for another reason.
 */
async function compile(
  { name, entry, permissions }: Program,
  directory: string,
  target: string,
): Promise<string | undefined> {
  const file = target.includes("windows") ? `${name}.exe` : name;
  const unreachable = new AbortController();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--no-check",
      ...PACKAGE_FLAGS,
      ...permissionFlags(permissions),
      "--target",
      target,
      "--output",
      `${directory}/${file}`,
      entry,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: unreachable.signal,
  }).spawn();

  const lines: string[] = [];
  for await (
    const line of child.stderr
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
  ) {
    lines.push(line);
    // Deno itself would wait for minutes where a firewall drops what it sends.
    if (line.includes(RUNTIME_ORIGIN) && !await runtimeOriginAnswers()) {
      unreachable.abort();
    }
  }
  if ((await child.status).success) return file;

  const said = lines.join("\n");
  if (unreachable.signal.aborted || said.includes("Setting up base binary")) {
    return undefined;
  }
  throw new CompileError(said);
}

async function runtimeOriginAnswers(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(RUNTIME_TIMEOUT_MS);
    const response = await fetch(RUNTIME_ORIGIN, { method: "HEAD", signal });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/**
 * The Deno that runs this tool, to be packed, after a line that says why.
 *
 * @throws {CompileError} If it is not one for `target`, or `target` is Windows,
 * where no shell unpacks it.
 */
async function thisDeno(target: string): Promise<Payload> {
  const reason =
    `The runtime of deno compile cannot be downloaded from ${RUNTIME_ORIGIN}`;
  if (target !== Deno.build.target || Deno.build.os === "windows") {
    throw new CompileError(
      `${reason}, and without it nothing can be made for ${target}`,
    );
  }
  console.log(`${reason}: packing the Deno at hand into self-extracting files`);
  return await payload(await Deno.readFile(Deno.execPath()));
}

/**
 * Makes a self-extracting file.
 *
 * @returns Its name.
 * @throws {CompileError} If the program cannot be bundled.
 */
async function pack(
  { name, entry, permissions }: Program,
  deno: Payload,
  directory: string,
): Promise<string> {
  const bundle = `${directory}/${name}.js`;
  await runDeno("bundle", ["--output", bundle, entry]);
  const program = await payload(await Deno.readFile(bundle));

  const programStart = HEADER_BYTES + 1;
  const header = await fillHeader({
    NAME: name,
    PLATFORM: platform(),
    PROGRAM_SHA256: program.sha256,
    PROGRAM_START: programStart,
    PROGRAM_SIZE: program.compressed.length,
    DENO_SHA256: deno.sha256,
    DENO_START: programStart + program.compressed.length,
    DENO_SIZE: deno.compressed.length,
    DENO_MIB: Math.ceil(deno.size / 2 ** 20),
    PERMISSIONS: permissionFlags(permissions).join(" "),
  });

  const path = `${directory}/${name}`;
  await Deno.writeFile(
    path,
    ReadableStream.from([header, program.compressed, deno.compressed]),
    { mode: 0o755 },
  );
  return name;
}

/** The shell header with its gaps filled. */
async function fillHeader(
  values: Record<string, string | number>,
): Promise<Uint8Array> {
  const template = await Deno.readTextFile(
    new URL("self_extracting.sh", import.meta.url),
  );
  const text = template.replaceAll(/@(\w+)@/g, (_, gap) => `${values[gap]}`);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > HEADER_BYTES) {
    throw new RangeError(
      `The header must fit in ${HEADER_BYTES} bytes, but has ${bytes.length}`,
    );
  }
  const header = new Uint8Array(HEADER_BYTES).fill("\n".charCodeAt(0));
  header.set(bytes);
  return header;
}

async function payload(bytes: Uint8Array<ArrayBuffer>): Promise<Payload> {
  const [compressed, digest] = await Promise.all([
    new Response(
      new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes(),
    crypto.subtle.digest("SHA-256", bytes),
  ]);
  return {
    compressed,
    sha256: new Uint8Array(digest).toHex(),
    size: bytes.length,
  };
}

/** This system and its processor, as `uname -sm` names them. */
function platform(): string {
  const mac = Deno.build.os === "darwin";
  const arm = mac ? "arm64" : "aarch64";
  const processor = Deno.build.arch === "aarch64" ? arm : "x86_64";
  return `${mac ? "Darwin" : "Linux"} ${processor}`;
}

/**
 * Runs a command of `deno` with the packages that this program uses.
 *
 * @throws {CompileError} With what the command says, if it fails.
 */
async function runDeno(command: string, args: string[]) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, ...PACKAGE_FLAGS, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new CompileError(new TextDecoder().decode(stderr));
}

const FLAGS = {
  output: {
    kind: "text",
    value: "DIR",
    default: "dist",
    help: "where the executables go",
  },
  target: {
    kind: "text",
    value: "TARGET",
    default: Deno.build.target,
    help: "the system they are for, as deno compile names it",
  },
} as const;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (words.length > 0) {
    throw new UsageError(
      `Expected no more than --output DIR and --target TARGET, got "${
        words[0]
      }"`,
    );
  }
  try {
    await makeExecutables(PROGRAMS, flags.output, flags.target);
    return 0;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(error.message.trimEnd());
    return 1;
  }
}

if (import.meta.main) await runProgram("compile", main, () => undefined);

import type { ServerAddress } from "./parse_server.ts";

/**
 * Where the last server is kept: in the storage that Deno gives each program in
 * the user's own directories, which takes no permission to read or write files.
 */
const KEY = "parley.lastServer";

/** The server that the menu was connected to last, if it is known. */
export function lastServer(): ServerAddress | undefined {
  try {
    const { hostname, port } = JSON.parse(localStorage.getItem(KEY) ?? "null");
    const valid = typeof hostname === "string" && Number.isInteger(port);
    return valid ? { hostname, port } : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a server for the next time; not being able to is no failure. */
export function rememberServer({ hostname, port }: ServerAddress): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ hostname, port }));
  } catch {
    // A full disk, or a home that cannot be written: one types it again.
  }
}

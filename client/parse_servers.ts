import { parseServer, type ServerAddress } from "./parse_server.ts";

/**
 * Reads one or several `HOST:PORT` with commas between them.
 *
 * @throws {UsageError} If the text is something else.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseServers("lab-1:2203,[::1]:2204"), [
 *   { hostname: "lab-1", port: 2203 },
 *   { hostname: "::1", port: 2204 },
 * ]);
 * ```
 */
export function parseServers(
  text: string,
): [ServerAddress, ...ServerAddress[]] {
  const [first = "", ...others] = text.split(",");
  return [parseServer(first), ...others.map(parseServer)];
}

import { UsageError } from "../terminal/mod.ts";

/** Where a server listens. */
export interface ServerAddress {
  /** An IP address, without brackets, or a host name. */
  readonly hostname: string;
  /** The TCP port. */
  readonly port: number;
}

/**
 * Reads `HOST:PORT`; an IPv6 address stands in brackets.
 *
 * @throws {UsageError} If the text is something else.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseServer("lab:2203"), { hostname: "lab", port: 2203 });
 * assertEquals(parseServer("[::1]:2203"), { hostname: "::1", port: 2203 });
 * ```
 */
export function parseServer(text: string): ServerAddress {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text);
  const [, ipv6, host, digits] = match ?? [];
  const hostname = ipv6 ?? host;
  const port = Number(digits);
  if (hostname === undefined || port < 1 || port > 65535) {
    throw new UsageError(
      `Expected a server as HOST:PORT or [IPV6]:PORT, such as ` +
        `127.0.0.1:2203, got "${text}"`,
    );
  }
  return { hostname, port };
}

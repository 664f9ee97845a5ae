import { formatEndpoint } from "../protocol/mod.ts";

/** An address that stands for all of a machine's. */
const ANY = ["0.0.0.0", "[::]"];

/**
 * Where others reach a server that listens on `listening` (`HOST:PORT`). If that
 * is any of its machine's addresses, it is the one that the machine has in the
 * network of all nodes, unless none but itself could use it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const own = "192.0.2.7";
 * assertEquals(reachableAddress("0.0.0.0:2203", own), "192.0.2.7:2203");
 * assertEquals(reachableAddress("[::]:2203", "2001:db8::7"), "[2001:db8::7]:2203");
 * assertEquals(reachableAddress("0.0.0.0:2203", "127.0.0.1"), "0.0.0.0:2203");
 * assertEquals(reachableAddress("192.0.2.9:2203", own), "192.0.2.9:2203");
 * ```
 */
export function reachableAddress(
  listening: string,
  own: string | undefined,
): string {
  const colon = listening.lastIndexOf(":");
  const isAny = ANY.includes(listening.slice(0, colon));
  if (!isAny || own === undefined || isLoopback(own)) return listening;
  return formatEndpoint(own, Number(listening.slice(colon + 1)));
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

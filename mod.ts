/**
 * Parley for programs: embed the server, connect as a client, or work with the
 * protocol's frames.
 *
 * @example A server and two clients in one program
 * ```ts
 * import { Client, serve } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await serve({ port: 0, name: "lab" });
 * await using alice = await Client.connect({ port: server.port });
 * await using bob = await Client.connect({ port: server.port });
 *
 * const texts: string[] = [];
 * bob.receive(({ text }) => {
 *   texts.push(text);
 * });
 * const delivery = await alice.send(bob.id, "hello");
 * assertEquals(delivery.delivered, true);
 * assertEquals(texts, ["hello"]);
 * ```
 *
 * @module
 */

export {
  Capture,
  CaptureBusyError,
  type CaptureOptions,
} from "./capture/capture.ts";
export type { Endpoint, Tap, TappedConnection, Transport } from "./link/mod.ts";
export * from "./client/mod.ts";
export * from "./protocol/mod.ts";
export * from "./server/mod.ts";

/**
 * Answers every request with nothing, by NATS's own library, and listens on a
 * port once it does.
 *
 * @module
 */

import { REQUEST_SUBJECT } from "./works/nats_requests.ts";

// Named like this it is fetched when it runs, not when anything is checked.
const NATS = "npm:@nats-io/transport-node@3.4.0";
const { connect } = await import(NATS);

const [natsPort, port] = Deno.args.map(Number) as [number, number];
const connection = await connect({ port: natsPort });
connection.subscribe(REQUEST_SUBJECT, {
  callback(error: Error | null, message: { respond(): boolean }) {
    if (error === null) message.respond();
  },
});
await connection.flush();
const listener = Deno.listen({ hostname: "127.0.0.1", port });
for await (const conn of listener) conn.close();

/**
 * The ceiling for requests: answers every 16 bytes with as many bytes as Parley
 * answers *time* with, and looks at none of them. Deno's own sockets, one buffer
 * a connection, one write a read.
 *
 * @module
 */

import { writeAll } from "./wires/wire.ts";

const REQUEST_SIZE = 16;
const BUFFER_SIZE = 64 * 1024;

const [port, answerSize] = Deno.args.map(Number) as [number, number];
const listener = Deno.listen({ hostname: "127.0.0.1", port });
console.log(`Listening on ${port}`);
for await (const conn of listener) {
  conn.setNoDelay();
  serve(conn).catch(() => {}).finally(() => conn.close());
}

async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(BUFFER_SIZE);
  const answers = new Uint8Array((BUFFER_SIZE / REQUEST_SIZE) * answerSize);
  for (let carried = 0;;) {
    const count = await conn.read(buffer);
    if (count === null) return;
    const bytes = carried + count;
    carried = bytes % REQUEST_SIZE;
    const asked = (bytes - carried) / REQUEST_SIZE;
    await writeAll(conn, answers.subarray(0, asked * answerSize));
  }
}

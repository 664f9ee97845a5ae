import {
  connect,
  keepQuiet,
  readLine,
  repeat,
  unitCounter,
  type Wire,
  writeAll,
} from "./wire.ts";

const encoder = new TextEncoder();

/**
 * Redis PUBLISH: a message counts when the server has put it into the receiver's
 * queue. The receiver confirms nothing.
 */
export const redis: Wire = {
  async receiver(port, number) {
    const conn = await connect(port);
    const channel = `r${number}`;
    await writeAll(conn, command("SUBSCRIBE", channel));
    await readLine(conn, ":1");
    return { conn, address: channel, confirm: () => 0 };
  },

  async sender(port, _number, receiver, size, window) {
    const conn = await connect(port);
    const message = command("PUBLISH", receiver.address, "a".repeat(size));
    return {
      conn,
      messages: repeat(message, 2 * window),
      count: unitCounter(":1\r\n".length),
    };
  },

  async quiet(port) {
    keepQuiet(await connect(port));
  },
};

function command(...words: string[]): Uint8Array {
  const bulks = words.map((word) => `$${word.length}\r\n${word}\r\n`);
  return encoder.encode(`*${words.length}\r\n${bulks.join("")}`);
}

import {
  confirmer,
  connect,
  keepQuiet,
  readExactly,
  unitCounter,
  type Wire,
  writeAll,
} from "./wire.ts";

const encoder = new TextEncoder();
const PUBLISH_AT_LEAST_ONCE = 0x32;
const PUBACK = 0x40;
const PUBACK_SIZE = 4;

/**
 * MQTT 3.1.1 at QoS 1: a message counts when the broker has taken it. The
 * receiver acknowledges too, but to the broker, and the sender does not learn of
 * it.
 */
export const mqtt: Wire = {
  async receiver(port, number, size) {
    const conn = await connect(port);
    await greet(conn, `r${number}`);
    const filter = string(topic(number));
    await writeAll(conn, packet(0x82, [0, 1, ...filter, 1]));
    await readExactly(conn, 5);
    const messageSize = publish(topic(number), 1, size).length;
    return {
      conn,
      address: topic(number),
      confirm: confirmer({
        messageSize,
        keyAt: messageSize - size - 2,
        keySize: 2,
        confirmation: packet(PUBACK, [0, 0]),
        confirmationKeyAt: 2,
      }),
    };
  },

  async sender(port, number, receiver, size, window) {
    const conn = await connect(port);
    await greet(conn, `s${number}`);
    const one = publish(receiver.address, 1, size);
    const messages = new Uint8Array(one.length * 2 * window);
    for (let i = 0; i < 2 * window; i++) {
      messages.set(
        publish(receiver.address, i % window + 1, size),
        i * one.length,
      );
    }
    return { conn, messages, count: unitCounter(PUBACK_SIZE) };
  },

  async quiet(port) {
    const conn = await connect(port);
    await greet(conn, crypto.randomUUID());
    keepQuiet(conn);
  },
};

function topic(number: number): string {
  return `r${String(number).padStart(3, "0")}`;
}

async function greet(conn: Deno.Conn, client: string): Promise<void> {
  const header = [...string("MQTT"), 4, 0x02, 0, 0];
  await writeAll(conn, packet(0x10, [...header, ...string(client)]));
  const [, , , code] = await readExactly(conn, 4);
  if (code !== 0) throw new Error(`The broker refused the client: ${code}`);
}

function publish(topic: string, id: number, size: number): Uint8Array {
  const text = new Array(size).fill(0x61);
  const body = [...string(topic), id >>> 8, id & 0xff, ...text];
  return packet(PUBLISH_AT_LEAST_ONCE, body);
}

function string(text: string): number[] {
  const bytes = encoder.encode(text);
  return [bytes.length >>> 8, bytes.length & 0xff, ...bytes];
}

function packet(type: number, body: readonly number[]): Uint8Array {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push(rest % 128 + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from([type, ...length, ...body]);
}

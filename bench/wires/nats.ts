import {
  confirmer,
  connect,
  keepQuiet,
  readLine,
  repeat,
  unitCounter,
  type Wire,
  writeAll,
} from "./wire.ts";

const encoder = new TextEncoder();

/** NATS request and reply: a message counts when its receiver has answered. */
export const nats: Wire = {
  async receiver(port, number, size) {
    const conn = await connect(port);
    await greet(conn, `SUB r${number} 1`);
    await answerFirstPing(conn);
    // Every sender's inbox has the same length.
    const before = `MSG r${number} 1 `;
    const line = `${before}${inbox(0)} ${size}\r\n`;
    return {
      conn,
      address: `r${number}`,
      confirm: confirmer({
        messageSize: line.length + size + "\r\n".length,
        keyAt: before.length,
        keySize: inbox(0).length,
        confirmation: encoder.encode(`PUB ${inbox(0)} 0\r\n\r\n`),
        confirmationKeyAt: "PUB ".length,
      }),
    };
  },

  async sender(port, number, receiver, size, window) {
    const conn = await connect(port);
    await greet(conn, `SUB ${inbox(number)} 1`);
    await answerFirstPing(conn);
    const text = "a".repeat(size);
    const message = `PUB ${receiver.address} ${
      inbox(number)
    } ${size}\r\n${text}\r\n`;
    return {
      conn,
      messages: repeat(encoder.encode(message), 2 * window),
      count: unitCounter(`MSG ${inbox(number)} 1 0\r\n\r\n`.length),
    };
  },

  async quiet(port) {
    const conn = await connect(port);
    await greet(conn, "SUB quiet 1");
    const pong = encoder.encode("PONG\r\n");
    keepQuiet(conn, () => pong);
  },
};

function inbox(number: number): string {
  return `i${String(number).padStart(3, "0")}`;
}

async function greet(conn: Deno.Conn, subscribe: string): Promise<void> {
  await readLine(conn, "INFO");
  const options = '{"verbose":false,"pedantic":false}';
  const lines = `CONNECT ${options}\r\n${subscribe}\r\nPING\r\n`;
  await writeAll(conn, encoder.encode(lines));
  await readLine(conn, "PONG");
}

/**
 * The server asks each client once, in its first seconds. That is waited for, so
 * that nothing but messages comes later; the next time is two minutes away.
 */
async function answerFirstPing(conn: Deno.Conn): Promise<void> {
  await readLine(conn, "PING");
  await writeAll(conn, encoder.encode("PONG\r\n"));
}

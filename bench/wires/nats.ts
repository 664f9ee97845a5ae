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

/** NATS request and reply: a message counts when its receiver has answered. */
export const nats: Wire = {
  async receiver(port, number, size) {
    const conn = await connect(port);
    await greet(conn, `SUB r${number} 1`);
    await answerFirstPing(conn);
    // MSG r1 1 i01 64\r\n…\r\n; every sender's inbox has the same length.
    const message = `MSG r${number} 1 ${inbox(0)} ${size}\r\n`.length + size +
      2;
    const reply = `PUB ${inbox(0)} 0\r\n\r\n`;
    const answer = encoder.encode(reply);
    const inboxAt = `MSG r${number} 1 `.length;
    const kept = new Uint8Array(inbox(0).length);
    let at = 0;
    return {
      conn,
      confirm(chunk, out) {
        let length = 0;
        for (let start = -at; start < chunk.length; start += message) {
          for (let i = 0; i < kept.length; i++) {
            const from = start + inboxAt + i;
            if (from >= 0 && from < chunk.length) kept[i] = chunk[from]!;
          }
          if (start + message > chunk.length) break;
          out.set(answer, length);
          out.set(kept, length + "PUB ".length);
          length += answer.length;
        }
        at = (at + chunk.length) % message;
        return length;
      },
      ...{ subject: `r${number}` },
    };
  },

  async sender(port, number, receiver, size, window) {
    const conn = await connect(port);
    await greet(conn, `SUB ${inbox(number)} 1`);
    await answerFirstPing(conn);
    const { subject } = receiver as unknown as { subject: string };
    const text = "a".repeat(size);
    const message = `PUB ${subject} ${inbox(number)} ${size}\r\n${text}\r\n`;
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

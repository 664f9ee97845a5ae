/** A connection that messages are sent on. */
export interface Sender {
  /** The socket. */
  readonly conn: Deno.TcpConn;
  /**
   * One message after the other, `window` of them twice over, each as long as
   * the others: whoever sends the next few finds them in one piece.
   */
  readonly messages: Uint8Array;
  /** How many confirmations a chunk completes. */
  count(chunk: Uint8Array): number;
}

/** A connection that messages come in on. */
export interface Receiver {
  /** The socket. */
  readonly conn: Deno.TcpConn;
  /** What its senders call it. */
  readonly address: string;
  /**
   * Writes the confirmations of what a chunk completes into `out`, and returns
   * how long they are.
   */
  confirm(chunk: Uint8Array, out: Uint8Array): number;
}

/** How to speak to one kind of server, with as little work as there can be. */
export interface Wire {
  /** Connects the receiver with this number. */
  receiver(port: number, number: number, size: number): Promise<Receiver>;
  /** Connects a sender of messages to one of the receivers. */
  sender(
    port: number,
    number: number,
    receiver: Receiver,
    size: number,
    window: number,
  ): Promise<Sender>;
  /** Connects a client that says only what keeps it connected. */
  quiet(port: number): Promise<void>;
}

/** How messages and their confirmations look, where all are of one size. */
export interface ConfirmationLayout {
  /** The size of a message with all that belongs to it, in bytes. */
  readonly messageSize: number;
  /** Where in it stands what its confirmation has to repeat. */
  readonly keyAt: number;
  /** The size of that. */
  readonly keySize: number;
  /** A confirmation. */
  readonly confirmation: Uint8Array;
  /** Where in a confirmation the same stands. */
  readonly confirmationKeyAt: number;
}

/** Confirms each message of a stream, however it is chopped. */
export function confirmer(layout: ConfirmationLayout): Receiver["confirm"] {
  const { messageSize, keyAt, keySize, confirmation } = layout;
  const { confirmationKeyAt } = layout;
  const key = new Uint8Array(keySize);
  /** Where the next byte lies within its message. */
  let at = 0;
  return (chunk, out) => {
    let length = 0;
    for (let start = -at; start < chunk.length; start += messageSize) {
      for (let i = 0; i < keySize; i++) {
        const from = start + keyAt + i;
        if (from >= 0 && from < chunk.length) key[i] = chunk[from]!;
      }
      if (start + messageSize > chunk.length) break;
      out.set(confirmation, length);
      out.set(key, length + confirmationKeyAt);
      length += confirmation.length;
    }
    at = (at + chunk.length) % messageSize;
    return length;
  };
}

/** Connects to a port of this machine. */
export async function connect(port: number): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay();
  return conn;
}

/** Reads whatever comes, and answers what `answer` knows an answer to. */
export async function keepQuiet(
  conn: Deno.Conn,
  answer: (chunk: Uint8Array) => Uint8Array | undefined = () => undefined,
): Promise<void> {
  const buffer = new Uint8Array(512);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error("A quiet client was dropped");
    const bytes = answer(buffer.subarray(0, count));
    if (bytes !== undefined) await writeAll(conn, bytes);
  }
}

/** Writes all of `bytes`. */
export async function writeAll(
  conn: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await conn.write(at === 0 ? bytes : bytes.subarray(at));
  }
}

/** Reads until `count` bytes are there, and returns them. */
export async function readExactly(
  conn: Deno.Conn,
  count: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const read = await conn.read(bytes.subarray(at));
    if (read === null) throw new Error("The server closed the connection");
    at += read;
  }
  return bytes;
}

/** Reads line after line until one begins with `start`. */
export async function readLine(
  conn: Deno.Conn,
  start: string,
): Promise<string> {
  for (let line = "";;) {
    const [byte] = await readExactly(conn, 1);
    if (byte !== 10) line += String.fromCharCode(byte!);
    else if (line.startsWith(start)) return line;
    else line = "";
  }
}

/** The same message `count` times over. */
export function repeat(message: Uint8Array, count: number): Uint8Array {
  const all = new Uint8Array(message.length * count);
  for (let i = 0; i < count; i++) all.set(message, i * message.length);
  return all;
}

/** Counts units of one size in a stream, however it is chopped. */
export function unitCounter(size: number): (chunk: Uint8Array) => number {
  let carried = 0;
  return (chunk) => {
    const bytes = carried + chunk.length;
    carried = bytes % size;
    return (bytes - carried) / size;
  };
}

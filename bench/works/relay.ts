import type { RelayJob, Result } from "../job.ts";
import {
  type Receiver,
  type Sender,
  type Wire,
  writeAll,
} from "../wires/wire.ts";
import { residentBytes } from "../../tools/process_facts.ts";
import { measure } from "./measure.ts";
import { sumOf } from "./sum_of.ts";

const BUFFER_SIZE = 64 * 1024;

/**
 * Has every sender keep `window` messages unconfirmed. The server's memory is
 * taken before, when all clients have come.
 */
export async function relay(job: RelayJob, wire: Wire): Promise<Result> {
  const { pids, port, window } = job;
  const before = await sumOf(pids, residentBytes);
  for (let i = 0; i < (job.quiet ?? 0); i++) await wire.quiet(port);
  const senders = await connectAll(job, wire, window);
  const after = await sumOf(pids, residentBytes);
  let confirmed = 0;
  for (const sender of senders) {
    keepSending(sender, window, (count) => confirmed += count);
  }
  const result = await measure(job, () => confirmed);
  return { ...result, residentBytes: [before, after] };
}

/** Connects receivers, which confirm from now on, and who is to send to them. */
export async function connectAll(
  { port, before, across, size, senders, receivers }: Pick<
    RelayJob,
    "port" | "before" | "across" | "size" | "senders" | "receivers"
  >,
  wire: Wire,
  window: number,
): Promise<Sender[]> {
  const receiverPort = across ? before.at(-1)! : port;
  const connected = await Promise.all(
    Array.from(
      { length: receivers },
      (_, i) => wire.receiver(receiverPort, i, size),
    ),
  );
  connected.forEach(confirmAll);
  const sending = Array.from(
    { length: senders },
    (_, i) => {
      const receiver = connected[i % receivers]!;
      return wire.sender(port, i, receiver, size, window);
    },
  );
  return await Promise.all(sending);
}

/** Confirms whatever comes, as long as the program runs. */
async function confirmAll(receiver: Receiver): Promise<void> {
  const buffer = new Uint8Array(BUFFER_SIZE);
  // No protocol's confirmation is longer than its message.
  const out = new Uint8Array(2 * BUFFER_SIZE);
  for (;;) {
    const count = await receiver.conn.read(buffer);
    if (count === null) throw new Error("A receiver was dropped");
    const length = receiver.confirm(buffer.subarray(0, count), out);
    if (length > 0) await writeAll(receiver.conn, out.subarray(0, length));
  }
}

async function keepSending(
  { conn, messages, count }: Sender,
  window: number,
  onConfirmed: (count: number) => void,
): Promise<void> {
  const size = messages.length / (2 * window);
  const buffer = new Uint8Array(BUFFER_SIZE);
  let next = 0;
  let wanted = window;
  for (;;) {
    const start = next * size;
    await writeAll(conn, messages.subarray(start, start + wanted * size));
    next = (next + wanted) % window;
    do {
      const read = await conn.read(buffer);
      if (read === null) throw new Error("A sender was dropped");
      wanted = count(buffer.subarray(0, read));
    } while (wanted === 0);
    onConfirmed(wanted);
  }
}

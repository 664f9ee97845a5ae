/**
 * Visitors that send anything: whatever it is, everybody else is served, and
 * nothing of them stays. When it goes wrong fast-check says with which seed.
 *
 * @module
 */

import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "../fast_check.ts";
import {
  Command,
  decodePayload,
  encodedPayload,
  type Encoder,
  fault,
  type Frame,
  frames,
  FrameType,
  goodbye,
  listPage,
  listQuery,
  send,
  Status,
} from "../../protocol/mod.ts";
import { createLog } from "../../server/mod.ts";
import { TERMINAL_CONTROL } from "../terminal/hostile_text.ts";
import { frameOf, joined, RawPeer, sendFrame, tokenFrame } from "./raw_peer.ts";
import { type EventList, watchedServer } from "./watched_server.ts";
import { within } from "./within.ts";

const token = "open sesame";
/** The numbers of the two clients that are there all the time. */
const RESIDENTS = [1, 2];
const PATIENCE_MS = 10_000;
const BATCHES = 80;

const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength, size: "max" });
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({
  weight,
  arbitrary,
});

const command = fc.oneof(
  often(9, fc.integer({ min: 1, max: 10 })),
  often(1, uint(16)),
);
const id = fc.oneof(oneOf(0, 1, 2, 0xffff_ffff), uint(32));
const text = fc.string({ unit: "binary" });

const listing = fc.record({
  after: oneOf(0, 1, 2, 0xffff_ffff),
  limit: uint(16),
});
const sending = fc.record({
  to: fc.oneof(often(4, oneOf(0, 1, 2)), often(2, uint(6)), often(1, uint(32))),
  text: fc.oneof(
    often(9, text),
    often(1, fc.integer({ min: 0, max: 70_000 }).map((n) => "x".repeat(n))),
  ).map((text) => new TextEncoder().encode(text)),
});
const leaving = fc.record({ reason: uint(16), text });
const complaint = fc.record({
  code: uint(16),
  offset: fc.maxSafeNat(),
  text,
});

/** A command, and a payload that it takes; mostly of a request. */
const sensible = fc.oneof(
  often(
    2,
    oneOf<number>(Command.time, Command.name, Command.ping, Command.message)
      .map((command) => ({ command, payload: new Uint8Array(0) })),
  ),
  often(2, fitting(Command.list, listQuery, listing)),
  often(4, fitting(Command.send, send, sending)),
  often(1, fitting(Command.goodbye, goodbye, leaving)),
  often(1, fitting(Command.error, fault, complaint)),
  often(1, fitting(Command.authenticate, encodedPayload, bytes(2100))),
);

/** A payload that was cut off, continued, or has a byte changed. */
const nearly = fc.oneof(
  fc.tuple(sensible, fc.nat()).map(([{ payload }, at]) =>
    payload.slice(0, at % (payload.length + 1))
  ),
  fc.tuple(sensible, bytes(8)).map(([{ payload }, more]) =>
    joined([payload, more])
  ),
  fc.tuple(sensible, fc.nat(), uint(8)).map(([{ payload }, at, byte]) =>
    changed(payload, at, byte)
  ),
);

const header = fc.record({
  type: oneOf<FrameType>(1, 1, 1, 1, 2, 3, 3),
  status: fc.oneof(often(3, fc.constant(0)), often(1, uint(16))),
  id,
});
const content = fc.oneof(
  often(6, sensible),
  often(2, fc.record({ command, payload: nearly })),
  often(1, fc.record({ command, payload: bytes(64) })),
);

/** Frames that are whole. */
const frame = fc.oneof(
  often(
    12,
    fc.tuple(header, content).map(([header, { command, payload }]) =>
      frameOf({ ...header, command }, encodedPayload, payload)
    ),
  ),
  often(1, fc.constant(tokenFrame(token))),
);
/** Everything else. */
const broken = fc.oneof(
  bytes(100),
  fc.tuple(frame, fc.nat()).map(([whole, at]) =>
    whole.slice(0, at % whole.length)
  ),
  fc.tuple(frame, fc.nat(15), uint(8)).map(([whole, at, byte]) =>
    changed(whole, at, byte)
  ),
);
const visit = fc.record({
  /** Whether it gives the token, which an open server takes as well. */
  hasToken: fc.boolean(),
  // What comes behind something broken is hardly ever looked at.
  whole: fc.array(frame, { maxLength: 12, size: "max" }),
  broken: fc.array(broken, { maxLength: 1 }),
  after: fc.array(frame, { maxLength: 2 }),
  /** Into how many pieces it is cut. */
  pieces: oneOf(1, 1, 2, 5),
  ending: oneOf("reads all", "reads all", "closes", "breaks"),
});
type Visit = typeof visit extends fc.Arbitrary<infer T> ? T : never;

for (
  const [where, options] of [
    ["an open server", {}],
    ["a server that wants a token", { token }],
  ] as const
) {
  Deno.test(`whatever visitors send to ${where}, it serves all others and keeps nothing`, async () => {
    const limits = { maxUnanswered: 8, maxUnconfirmed: 4 };
    await using server = await watchedServer({ ...options, ...limits });
    const { events, port } = server;
    await using sender = new Resident(await resident(port, options));
    await using receiver = new Resident(await resident(port, options));
    assertEquals([sender.peer.id, receiver.peer.id], RESIDENTS);
    let visits = 0;
    let texts = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 1, maxLength: 8, size: "max" }),
        async (batch) => {
          visits += batch.length;
          await Promise.all(batch.map((visit) => comeAndGo(port, visit)));
          await events.until(() => ended(events) >= visits);
          assertEquals(ended(events), visits);

          // What the visitors have sent to this one was confirmed before the
          // second of these was asked: it is not busy any more.
          for (let i = 0; i < 2; i++) {
            await receiver.ask(frameOf({ command: Command.name }));
          }
          const text = `batch ${++texts}`;
          assertEquals(
            (await sender.ask(sendFrame(RESIDENTS[1]!, 0, text))).status,
            Status.ok,
          );
          assert(receiver.texts.delete(text));
          const listed = await sender.ask(
            frameOf({ command: Command.list }, listQuery, {
              after: 0,
              limit: 0,
            }),
          );
          const { clients } = decodePayload(listed, listPage);
          assertEquals(clients.map(({ id }) => id), RESIDENTS);
          assertEquals(events.of("trouble"), []);
          // So that others than the locked out come next.
          assertEquals((await sender.ask(tokenFrame(token))).status, Status.ok);
        },
      ),
      { numRuns: BATCHES, endOnFailure: true },
    );

    const write = (line: string) =>
      assertFalse(TERMINAL_CONTROL.test(line), line);
    const log = createLog({ format: "pretty", colour: false, write });
    for (const event of events.all) log(event);
  });
}

/** One that is there all the time, confirms everything and asks properly. */
class Resident implements AsyncDisposable {
  readonly peer: RawPeer & { id: number };
  /** The texts that have come. */
  readonly texts = new Set<string>();
  readonly #waiting = new Map<number, (answer: Frame) => void>();
  readonly #done: Promise<void>;
  #lastId = 0;

  constructor(peer: RawPeer & { id: number }) {
    this.peer = peer;
    this.#done = this.#run();
  }

  /** Makes a request, with an id of its own, and waits for the answer. */
  async ask(request: Uint8Array<ArrayBuffer>): Promise<Frame> {
    const id = ++this.#lastId;
    new DataView(request.buffer).setUint32(8, id);
    const { promise, resolve } = Promise.withResolvers<Frame>();
    this.#waiting.set(id, resolve);
    await this.peer.write(request);
    return await within(PATIENCE_MS, promise);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer.conn.closeWrite();
    await this.#done;
    this.peer.close();
  }

  async #run(): Promise<void> {
    for await (const frame of framesOf(this.peer.conn)) {
      if (frame.type === FrameType.response) {
        this.#waiting.get(frame.id)?.(frame);
        this.#waiting.delete(frame.id);
      } else if (frame.command === Command.message) {
        const text = new TextDecoder().decode(frame.payload.subarray(11));
        this.texts.add(text);
        await this.peer.confirm(frame);
      } else {
        assertEquals(frame.command, Command.ping);
        await this.peer.confirm(frame);
      }
    }
  }
}

/** How many visits have ended. */
function ended(events: EventList): number {
  return events.of("left").length + events.of("not-let-in").length;
}

async function resident(port: number, options: { token?: string }) {
  return options.token === undefined
    ? await RawPeer.connect(port)
    : await RawPeer.letIn(port, options.token);
}

/** Makes a visit, and looks that what it hears makes sense. */
async function comeAndGo(port: number, visit: Visit): Promise<void> {
  const { hasToken, whole, broken, after, pieces, ending } = visit;
  using peer = await RawPeer.connectOnly(port);
  const { conn } = peer;
  const greeting = hasToken ? [tokenFrame(token)] : [];
  const parts = [...greeting, ...whole, ...broken, ...after];
  const bytes = joined(parts);
  const size = Math.ceil(bytes.length / pieces);
  try {
    for (let at = 0; at < bytes.length; at += size) {
      await peer.write(bytes.subarray(at, at + size));
    }
    // To close with bytes unread breaks the connection.
    if (ending === "breaks") return;
    if (ending === "closes") {
      return void await conn.read(new Uint8Array(65_536));
    }

    await conn.closeWrite();
    const asked = new Set(parts.map(idOf));
    const heard = await within(PATIENCE_MS, Array.fromAsync(framesOf(conn)));
    for (const [i, { type, command, id, status }] of heard.entries()) {
      if (type === FrameType.response) {
        assert(i > 0 && (broken.length > 0 || asked.has(id)));
      } else {
        assertEquals([type, status], [FrameType.indication, Status.ok]);
        const last = isLast(command);
        assert(i === heard.length - 1 || !last);
        assertEquals(command === Command.hello, i === 0 && !last);
      }
    }
  } catch (error) {
    if (
      !(error instanceof Deno.errors.ConnectionReset) &&
      !(error instanceof Deno.errors.BrokenPipe)
    ) throw error;
  }
}

function isLast(command: number): boolean {
  return command === Command.goodbye || command === Command.error;
}

function idOf(frame: Uint8Array): number | undefined {
  if (frame.length < 16) return undefined;
  return new DataView(frame.buffer, frame.byteOffset).getUint32(8);
}

function framesOf(conn: Deno.TcpConn): AsyncGenerator<Frame> {
  return frames(conn.readable, { maxPayload: 1 << 20 });
}

/** A command, and a payload as the command has it. */
function fitting<T>(
  command: number,
  layout: Encoder<T>,
  values: fc.Arbitrary<T>,
): fc.Arbitrary<{ command: number; payload: Uint8Array }> {
  return values.map((value) => {
    const payload = frameOf({ command }, layout, value).subarray(16);
    return { command, payload };
  });
}

function changed(whole: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = whole.slice();
  if (copy.length > 0) copy[at % copy.length] = byte;
  return copy;
}

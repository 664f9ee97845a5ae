import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import { Command, type Frame, FrameType, Status } from "../../protocol/mod.ts";
import { LocalDeliveries } from "../../server/deliveries.ts";
import { DEFAULT_LIMITS } from "../../server/limits.ts";
import { LocalRoster } from "../../server/roster.ts";
import type { ServerContext } from "../../server/server_context.ts";
import { type Leave, Session } from "../../server/session.ts";
import {
  pipe,
  type PipeEnd,
  type PipeEndOptions,
  settled,
} from "../link/pipe.ts";
import { bytesLayout, frameOf, refusalOf } from "./raw_peer.ts";
import { EventList } from "./watched_server.ts";

const LIST_ALL = frameOf({ command: Command.list }, bytesLayout, zeros(6));
const SEND = frameOf({ command: Command.send }, bytesLayout, zeros(4));
const NAME = frameOf({ command: Command.name });

Deno.test("a handler that fails later gives server-error, a report, and goes on", async () => {
  const hosted = host({ roster: broken("page", () => Promise.reject) });
  await assertServerError(hosted, LIST_ALL, "list");
});

Deno.test("a handler that fails at once gives server-error, a report, and goes on", async () => {
  const deliveries = {
    deliver() {
      throw new Error("the disk is on fire");
    },
  };
  await assertServerError(host({ deliveries }), SEND, "send");
});

Deno.test("a roster that throws at once gives server-error, too", async () => {
  const roster = broken("page", () => (error) => {
    throw error;
  });
  await assertServerError(host({ roster }), LIST_ALL, "list");
});

Deno.test("a goodbye waits for a handler that takes its time", async () => {
  const page = Promise.withResolvers<{ more: boolean; clients: [] }>();
  const roster = Object.assign(new LocalRoster(), { page: () => page.promise });
  const { far, frames, finish } = host({ roster });
  const type = FrameType.indication;
  const reason = Uint8Array.of(0, 1);

  await far.writeAll(LIST_ALL);
  await far.writeAll(
    frameOf({ type, command: Command.goodbye, id: 2 }, bytesLayout, reason),
  );
  await settled();
  assertEquals(far.unread, 0);
  page.resolve({ more: false, clients: [] });

  assertEquals((await next(frames)).command, Command.list);
  assertEquals((await next(frames)).command, Command.goodbye);
  await finish();
});

Deno.test("a connection that breaks is lost, and leaves at once", async () => {
  const { near, leaves, running } = host();
  near.break(new Deno.errors.ConnectionReset("Connection reset by peer"));
  await running;
  assertEquals(leaves, [{ how: "lost", why: "Connection reset by peer" }]);
});

Deno.test("a client that takes no answers is not read from, until it does", async () => {
  const maxQueue = 10_000;
  const limits = { ...DEFAULT_LIMITS, maxQueue };
  // Nothing is taken but 100 bytes, and a read brings ten requests at most.
  const { near, far, session, frames, finish } = host(
    { limits, name: "n".repeat(200) },
    { capacity: 100, maxRead: 160 },
  );
  const answerSize = 16 + 200;
  const count = 1000;

  for (let i = 0; i < count; i++) await far.writeAll(NAME);
  await settled();
  const { reads } = near;
  await settled();

  assertEquals(near.reads, reads);
  assertGreater(session.link.queued, maxQueue);
  assertLess(session.link.queued, maxQueue + 11 * answerSize);
  assertGreater(near.unread, 0);

  let answers = 0;
  while (answers < count) {
    assertEquals((await next(frames)).command, Command.name);
    answers++;
    assert(session.link.queued < maxQueue + 11 * answerSize);
  }
  await finish();
});

interface Hosted {
  session: Session;
  /** The server's end. */
  near: PipeEnd;
  /** The client's end. */
  far: PipeEnd;
  /** What the client receives, behind the hello. */
  frames: AsyncGenerator<Frame>;
  events: EventList;
  leaves: Leave[];
  running: Promise<void>;
  /** Closes the client's end and waits for the session to be over. */
  finish: () => Promise<void>;
}

/** A session in memory. The hello is not sent. */
function host(
  parts: Partial<ServerContext> = {},
  options: PipeEndOptions = {},
): Hosted {
  const events = new EventList();
  const leaves: Leave[] = [];
  const roster = new LocalRoster();
  const deliveries = new LocalDeliveries(roster, DEFAULT_LIMITS);
  const context: ServerContext = {
    name: "lab",
    limits: DEFAULT_LIMITS,
    roster,
    deliveries,
    trace: false,
    report: events.add,
    ...parts,
  };
  const [near, far] = pipe(options);
  const session = new Session({
    id: 1,
    transport: near,
    address: "127.0.0.1",
    port: 1,
    onLeave: (_session, leave) => leaves.push(leave),
  }, context);
  const running = session.run();
  const finish = async () => {
    far.close();
    await running;
    deliveries[Symbol.dispose]();
  };
  const frames = far.frames();
  return { session, near, far, frames, events, leaves, running, finish };
}

/** A roster of which one function fails. */
function broken(
  name: "page",
  fail: () => (error: Error) => Promise<never> | never,
): LocalRoster {
  const failing = () => fail().call(Promise, new Error("the disk is on fire"));
  return Object.assign(new LocalRoster(), { [name]: failing });
}

async function assertServerError(
  { far, frames, events, finish }: Hosted,
  request: Uint8Array,
  command: string,
): Promise<void> {
  await far.writeAll(request);
  const { status, why } = refusalOf(await next(frames));
  assertEquals(status, Status.serverError);
  assert(!why.includes("fire"), "what is inside is the log's to say");
  const [trouble] = events.of("trouble");
  assertStringIncludes(trouble!.what, "the disk is on fire");
  assertStringIncludes(trouble!.what, `${command} of client 1`);

  await far.writeAll(NAME);
  assertEquals((await next(frames)).status, Status.ok);
  await finish();
}

async function next(frames: AsyncGenerator<Frame>): Promise<Frame> {
  const { done, value } = await frames.next();
  if (done) throw new Error("The session ended, and no frame came");
  return value;
}

function zeros(count: number): Uint8Array {
  return new Uint8Array(count);
}

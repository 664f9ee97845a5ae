import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  encodedPayload,
  FrameType,
  Status,
} from "../../protocol/mod.ts";
import { LocalRoster } from "../../server/roster.ts";
import { settled } from "../link/pipe.ts";
import { MemoryServer } from "./memory_server.ts";
import { frameOf, refusalOf, sendFrame } from "./raw_peer.ts";

const LIST_ALL = frameOf(
  { command: Command.list },
  encodedPayload,
  new Uint8Array(6),
);
const NAME = frameOf({ command: Command.name });

Deno.test("a handler that fails later gives server-error, a report, and goes on", async () => {
  const roster = broken("page", () => Promise.reject);
  await assertServerError(new MemoryServer({ roster }), LIST_ALL, "list");
});

Deno.test("a handler that fails at once gives server-error, a report, and goes on", async () => {
  const deliveries = {
    deliver() {
      throw new Error("the disk is on fire");
    },
    drain: () => Promise.resolve(),
    close() {},
  };
  const server = new MemoryServer({ parts: { deliveries } });
  await assertServerError(server, sendFrame(2), "send");
});

Deno.test("a roster that throws at once gives server-error, too", async () => {
  const roster = broken("page", () => (error) => {
    throw error;
  });
  await assertServerError(new MemoryServer({ roster }), LIST_ALL, "list");
});

Deno.test("a goodbye waits for a handler that takes its time", async () => {
  const page = Promise.withResolvers<{ more: boolean; clients: [] }>();
  const roster = Object.assign(new LocalRoster(), { page: () => page.promise });
  await using server = new MemoryServer({ parts: { roster } });
  const peer = await server.connect();
  const type = FrameType.indication;
  const reason = Uint8Array.of(0, 1);

  await peer.write(
    LIST_ALL,
    frameOf({ type, command: Command.goodbye, id: 2 }, encodedPayload, reason),
  );
  await settled();
  assertEquals(peer.far.unread, 0);
  page.resolve({ more: false, clients: [] });

  assertEquals((await peer.next()).command, Command.list);
  assertEquals((await peer.next()).command, Command.goodbye);
});

Deno.test("a connection that breaks is lost, and leaves at once", async () => {
  await using server = new MemoryServer();
  const peer = await server.connect();
  peer.near.break(new Deno.errors.ConnectionReset("Connection reset by peer"));
  const { how, why } = await server.events.nth("left", 1);
  assertEquals([how, why], ["lost", "Connection reset by peer"]);
});

Deno.test("a client that takes no answers is not read from, until it does", async () => {
  const maxQueue = 10_000;
  const maxText = 100;
  const name = "n".repeat(200);
  await using server = new MemoryServer({ maxQueue, maxText, parts: { name } });
  // Nothing is taken but 300 bytes, and a read brings ten requests at most.
  const near = { capacity: 300, maxRead: 160 };
  const peer = await server.connect({ near });
  const pauseAbove = maxQueue + maxText + 2048;
  const answerSize = 16 + 200;
  const count = 1000;

  for (let i = 0; i < count; i++) await peer.write(NAME);
  await settled();
  const { reads } = peer.near;
  await settled();

  assertEquals(peer.near.reads, reads);
  assertGreater(server.queued(1), pauseAbove);
  assertLess(server.queued(1), pauseAbove + 11 * answerSize);
  assertGreater(peer.near.unread, 0);

  for (let answers = 0; answers < count; answers++) {
    assertEquals((await peer.next()).command, Command.name);
    assertLess(server.queued(1), pauseAbove + 11 * answerSize);
  }
});

/** A roster of which one function fails. */
function broken(
  name: "page",
  fail: () => (error: Error) => Promise<never> | never,
): LocalRoster {
  const failing = () => fail().call(Promise, new Error("the disk is on fire"));
  return Object.assign(new LocalRoster(), { [name]: failing });
}

async function assertServerError(
  made: MemoryServer,
  request: Uint8Array,
  command: string,
): Promise<void> {
  await using server = made;
  const peer = await server.connect();
  await peer.write(request);
  const { status, why } = refusalOf(await peer.next());
  assertEquals(status, Status.serverError);
  assert(!why.includes("fire"), "what is inside is the log's to say");
  const [trouble] = server.events.of("trouble");
  assertStringIncludes(trouble!.what, "the disk is on fire");
  assertStringIncludes(trouble!.what, `${command} of client 1`);

  await peer.write(NAME);
  assertEquals((await peer.next()).status, Status.ok);
}

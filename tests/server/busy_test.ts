import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  decodePayload,
  name,
  send,
  Status,
} from "../../protocol/mod.ts";
import { frameOf, RawPeer, refusalOf, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

const BIG_TEXT = "x".repeat(60_000);
const TIMEOUT = { deliveryTimeoutMs: 60_000 };

Deno.test("a receiver that does not read is busy, others are not, and it gets everything once it reads", async () => {
  await using server = await watchedServer({ maxQueue: 100_000, ...TIMEOUT });
  using sender = await RawPeer.connect(server.port);
  using sluggish = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);

  // One after the other, until so much waits that the system's buffers are
  // full, too. What is refused is refused at once: before the name comes.
  let taken = 0;
  for (;;) {
    await sender.write(
      sendFrame(sluggish.id, taken, BIG_TEXT),
      frameOf({ command: Command.name, id: 0xfeed }),
    );
    const frame = await sender.next();
    if (frame.command === Command.send) {
      assertEquals(frame.id, taken);
      const { status, why } = refusalOf(frame);
      assertEquals(status, Status.receiverBusy);
      assertStringIncludes(why, `${sluggish.id}`);
      break;
    }
    taken++;
    assertLess(taken, 1000);
  }
  assertEquals((await sender.next()).command, Command.name);
  assertGreater(taken, 0);

  await sender.write(sendFrame(other.id, 1_000_000, BIG_TEXT));
  await other.confirm(await other.message());
  const fromOther = await sender.next();
  assertEquals([fromOther.id, fromOther.status], [1_000_000, Status.ok]);

  for (let i = 0; i < taken; i++) {
    await sluggish.confirm(await sluggish.message());
  }
  const answers = await sender.take(taken);
  assertEquals(answers.map(({ id }) => id), answers.map((_, i) => i));
  assert(answers.every(({ status }) => status === Status.ok));

  await sender.write(sendFrame(sluggish.id, 2_000_000, "again"));
  await sluggish.confirm(await sluggish.message());
  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("a client that asks much and reads late gets every answer in the end, and holds nobody up", async () => {
  const count = 50_000;
  const serverName = "n".repeat(255);
  await using server = await watchedServer({
    name: serverName,
    maxQueue: 10_000,
  });
  using greedy = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);

  // Megabytes of answers: more than the system's buffers take.
  const requests = Array.from(
    { length: count },
    (_, id) => frameOf({ command: Command.name, id }),
  );
  const written = greedy.write(...requests);
  for (let i = 0; i < 20; i++) await other.sync();
  const answers = await greedy.take(count);
  await written;

  assert(answers.every(({ id }, i) => id === i));
  assertEquals(decodePayload(answers.at(-1)!, name), serverName);
});

Deno.test("a client that never reads can be left behind: the server shuts down all the same", async () => {
  const server = await watchedServer({ maxQueue: 10_000 });
  using greedy = await RawPeer.connectOnly(server.port);
  const requests = Array.from(
    { length: 50_000 },
    (_, id) => frameOf({ command: Command.time, id }),
  );
  const written = greedy.write(...requests).catch((error) => {
    assert(
      error instanceof Deno.errors.ConnectionReset ||
        error instanceof Deno.errors.BrokenPipe,
    );
  });
  await server.events.nth("connected", 1);

  await server.shutdown();

  assertEquals(server.events.of("closed").length, 1);
  await written;
});

function sendFrame(to: number, id: number, text: string): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, text));
}

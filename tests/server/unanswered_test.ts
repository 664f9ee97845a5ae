import { assertEquals, assertStringIncludes } from "@std/assert";
import { Command, FrameType, Status } from "../../protocol/mod.ts";
import { frameOf, RawPeer, refusalOf, sendFrame } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("as many requests of a client may be under way as the server allows; what is beyond is refused, and the rest goes on", async () => {
  await using server = await watchedServer({ maxUnanswered: 3 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);

  // Two are under way; the third place is enough for one after the other.
  await sender.write(sendFrame(receiver.id, 1), sendFrame(receiver.id, 2));
  const messages = [await receiver.message(), await receiver.message()];
  for (let i = 0; i < 5; i++) await sender.sync();

  await sender.write(
    sendFrame(receiver.id, 3),
    ...[4, 5, 6, 7].map((id) => frameOf({ command: id - 2, id })),
    frameOf({ command: 77, id: 8 }),
  );
  messages.push(await receiver.message());
  const refused = await sender.take(5);
  assertEquals(refused.map(({ id }) => id), [4, 5, 6, 7, 8]);
  for (const answer of refused) {
    const { status, why } = refusalOf(answer);
    assertEquals(status, Status.tooManyUnanswered);
    assertStringIncludes(why, "3 requests");
  }

  // Neither a ping nor somebody else is concerned.
  const type = FrameType.indication;
  await sender.write(frameOf({ type, command: Command.ping, id: 9 }));
  assertEquals((await sender.next()).id, 9);
  await other.sync();

  await receiver.confirm(messages[1]!);
  assertEquals((await sender.next()).id, 2);
  await sender.sync();
  for (const i of [0, 2]) await receiver.confirm(messages[i]!);
  const answers = await sender.take(2);
  assertEquals(answers.map(({ id, status }) => [id, status]), [[1, 0], [3, 0]]);
});

Deno.test("a send that fails, or is not confirmed, gives its place back", async () => {
  const limits = { maxUnanswered: 1, deliveryTimeoutMs: 50 };
  await using server = await watchedServer(limits);
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  const statuses: number[] = [];
  for (const to of [99, sender.id, receiver.id, receiver.id]) {
    await sender.write(sendFrame(to));
    statuses.push((await sender.next()).status);
  }
  assertEquals(statuses, [
    Status.unknownNumber,
    Status.ownNumber,
    Status.notConfirmed,
    Status.notConfirmed,
  ]);
  await sender.sync();
});

Deno.test("how often a client asks counts before how much", async () => {
  const limits = { maxUnanswered: 1, maxRequestsPerSecond: 2 };
  await using server = await watchedServer(limits);
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const requests = [2, 3, 4].map((id) => frameOf({ command: 2, id }));
  await sender.write(sendFrame(receiver.id, 1), ...requests);
  const [first, second] = await sender.take(3);
  assertEquals([first!.id, first!.status], [2, Status.tooManyUnanswered]);
  assertEquals([second!.id, second!.status], [3, Status.tooManyRequests]);
});

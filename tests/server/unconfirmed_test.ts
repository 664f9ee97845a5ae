import { assertEquals, assertStringIncludes } from "@std/assert";
import { Status } from "../../protocol/mod.ts";
import { RawPeer, refusalOf, sendFrame } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("a receiver that reads and never confirms is busy after so many messages, at once, and others are not", async () => {
  await using server = await watchedServer({ maxUnconfirmed: 3 });
  using sender = await RawPeer.connect(server.port);
  using second = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);

  await sender.write(sendFrame(receiver.id, 1), sendFrame(receiver.id, 2));
  await second.write(sendFrame(receiver.id, 3));
  const messages = [
    await receiver.message(),
    await receiver.message(),
    await receiver.message(),
  ];
  for (const peer of [sender, second]) {
    await peer.write(sendFrame(receiver.id, 4));
    // It comes before the others, which wait for confirmations.
    const answer = await peer.next();
    const { status, why } = refusalOf(answer);
    assertEquals([answer.id, status], [4, Status.receiverBusy]);
    assertStringIncludes(why, `Client ${receiver.id} does not confirm`);
  }
  await receiver.sync();

  await sender.write(sendFrame(other.id, 5));
  await other.confirm(await other.message());
  assertEquals((await sender.next()).status, Status.ok);

  // One that is confirmed makes room for one.
  await receiver.confirm(messages[1]!);
  assertEquals((await sender.next()).id, 2);
  await sender.write(sendFrame(receiver.id, 6), sendFrame(receiver.id, 7));
  const busy = await sender.next();
  assertEquals([busy.id, busy.status], [7, Status.receiverBusy]);
  await receiver.refuse(await receiver.message(), Status.notListening, "");
  const refused = await sender.next();
  assertEquals([refused.id, refused.status], [6, Status.receiverRefused]);
});

Deno.test("what was not confirmed in time makes room, too", async () => {
  const limits = { maxUnconfirmed: 1, deliveryTimeoutMs: 50 };
  await using server = await watchedServer(limits);
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const statuses = async () => {
    await sender.write(sendFrame(receiver.id, 1), sendFrame(receiver.id, 2));
    return (await sender.take(2)).map(({ id, status }) => [id, status]);
  };
  const expected = [[2, Status.receiverBusy], [1, Status.notConfirmed]];
  assertEquals(await statuses(), expected);
  assertEquals(await statuses(), expected);
});

import { assertEquals } from "@std/assert";
import {
  Command,
  decodePayload,
  FrameType,
  hello,
  listPage,
  listQuery,
} from "../../protocol/mod.ts";
import { RawPeer } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("hello is the first frame, unasked, with all that a client must know", async () => {
  await using server = await watchedServer({
    name: "实验室",
    maxText: 1000,
    deliveryTimeoutMs: 1234,
  });
  using peer = await RawPeer.connectOnly(server.port);

  const frame = await peer.next();

  const { type, command, status, id, offset } = frame;
  assertEquals({ type, command, status, id, offset }, {
    type: FrameType.indication,
    command: Command.hello,
    status: 0,
    id: 0,
    offset: 0,
  });
  assertEquals(decodePayload(frame, hello), {
    version: 1,
    tokenWanted: false,
    id: 1,
    maxPayload: 3048,
    maxText: 1000,
    deliveryTimeoutMs: 1234,
    name: "实验室",
  });
});

Deno.test("hello's limits are the defaults where none were chosen", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  const { maxText, maxPayload, deliveryTimeoutMs } = peer.hello;

  assertEquals(maxText, 65_536);
  assertEquals(maxPayload, 67_584);
  assertEquals(deliveryTimeoutMs, 5000);
});

Deno.test("the largest payload that hello names is taken, one byte more is not", async () => {
  await using server = await watchedServer({ maxText: 100 });
  using peer = await RawPeer.connect(server.port);
  const bytes = { sizeOf: (n: number) => n, encode: fill };
  const { maxPayload } = peer.hello;

  const large = await peer.ask(Command.time, 1, bytes, maxPayload);
  assertEquals(large.type, FrameType.response);
  const larger = await peer.ask(Command.time, 2, bytes, maxPayload + 1);
  assertEquals(larger.command, Command.error);

  function fill(size: number, _into: Uint8Array, offset: number): number {
    return offset + size;
  }
});

Deno.test("numbers are 1, 2, 3 … and not used again after their client has left", async () => {
  await using server = await watchedServer();
  const ids: number[] = [];
  for (let i = 1; i <= 3; i++) {
    using first = await RawPeer.connect(server.port);
    using second = await RawPeer.connect(server.port);
    ids.push(first.id, second.id);
    first.close();
    second.close();
    await server.events.nth("left", 2 * i);
  }
  assertEquals(ids, [1, 2, 3, 4, 5, 6]);
});

Deno.test("clients that come at the same moment all get numbers of their own", async () => {
  await using server = await watchedServer();
  const peers = await Promise.all(
    Array.from({ length: 50 }, () => RawPeer.connect(server.port)),
  );
  const ids = peers.map(({ id }) => id).sort((a, b) => a - b);
  for (const peer of peers) peer.close();
  assertEquals(ids, Array.from({ length: 50 }, (_, i) => i + 1));
});

Deno.test("an IPv6 client is served and listed with its address", async () => {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
  } catch (error) {
    console.log(`skipped, this machine has no ::1: ${error}`);
    return;
  }
  await using server = await watchedServer({ hostname: "::1" });
  using peer = await RawPeer.connect(server.port, "::1");

  const query = { after: 0, limit: 0 };
  const answer = await peer.ask(Command.list, 1, listQuery, query);

  const { clients } = decodePayload(answer, listPage);
  const { port } = peer.conn.localAddr;
  assertEquals(clients.map(({ address, port }) => ({ address, port })), [
    { address: "::1", port },
  ]);
  assertEquals(server.address, "::1");
});

import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
} from "@std/assert";
import {
  Command,
  decodePayload,
  type ListedClient,
  type ListPage,
  listPage,
  listPageCapacity,
  listQuery,
  Status,
} from "../../protocol/mod.ts";
import { type GreetedPeer, RawPeer } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("the list has every client's number, address, port and arrival, the asker's too", async () => {
  await using server = await watchedServer();
  const beforeMs = Date.now();
  using first = await RawPeer.connect(server.port);
  using second = await RawPeer.connect(server.port);
  const afterMs = Date.now();

  const { more, clients } = await page(first, 0, 0);

  assertEquals(more, false);
  assertEquals(clients.map(({ connectedMs: _, ...rest }) => rest), [
    { id: 1, address: "127.0.0.1", port: localPort(first) },
    { id: 2, address: "127.0.0.1", port: localPort(second) },
  ]);
  for (const { connectedMs } of clients) {
    assertGreaterOrEqual(connectedMs, beforeMs);
    assertLessOrEqual(connectedMs, afterMs);
  }
});

Deno.test("who has left is not in the list", async () => {
  await using server = await watchedServer();
  using stays = await RawPeer.connect(server.port);
  using leaves = await RawPeer.connect(server.port);
  leaves.close();
  await server.events.nth("left", 1);

  assertEquals(ids(await page(stays, 0, 0)), [stays.id]);
});

Deno.test("a page has as many as were asked for, and says whether more follow", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  using _two = await RawPeer.connect(server.port);
  using _three = await RawPeer.connect(server.port);

  const shown = async (after: number, limit: number) => {
    const answer = await page(peer, after, limit);
    return [ids(answer), answer.more];
  };

  assertEquals(await shown(0, 1), [[1], true]);
  assertEquals(await shown(1, 1), [[2], true]);
  assertEquals(await shown(2, 1), [[3], false]);
  assertEquals(await shown(0, 2), [[1, 2], true]);
  assertEquals(await shown(0, 3), [[1, 2, 3], false]);
  assertEquals(await shown(0, 0xffff), [[1, 2, 3], false]);
  assertEquals(await shown(3, 5), [[], false]);
  assertEquals(await shown(0xffff_ffff, 0), [[], false]);
});

Deno.test("hundreds of clients are listed completely, in pages that fit the largest payload", async () => {
  await using server = await watchedServer({ maxText: 1000 });
  const peers = await crowd(server.port, 300);
  const [asker] = peers;
  const capacity = listPageCapacity(asker!.hello.maxPayload);

  const pages = await allPages(asker!, 0);

  assert(pages.length > 1);
  assert(pages.slice(0, -1).every((each) => each.more));
  assert(pages.every(({ clients }) => clients.length <= capacity));
  const listed = pages.flatMap(({ clients }) => clients);
  assertEquals(listed.map(({ id }) => id), range(1, 300));
  assertEquals(listed.map(portOf), peers.map(localPort));
  for (const peer of peers) peer.close();
});

Deno.test("changes while paging neither repeat nor skip a client that stayed", async () => {
  await using server = await watchedServer();
  const random = generator(20_260_101);
  const stayed = new Map<number, GreetedPeer>();
  const came = await crowd(server.port, 60);
  for (const peer of came) stayed.set(peer.id, peer);
  const asker = came[0]!;
  let left = 0;

  for (const limit of [1, 2, 3, 7]) {
    const before = new Set(stayed.keys());
    const seen: number[] = [];
    for (let after = 0, more = true; more;) {
      const answer = await page(asker, after, limit);
      seen.push(...ids(answer));
      more = answer.more;
      after = seen.at(-1) ?? after;
      if (random() < 0.5) {
        const others = [...stayed.keys()].filter((id) => id !== asker.id);
        const id = others[Math.floor(random() * others.length)]!;
        stayed.get(id)!.close();
        stayed.delete(id);
        before.delete(id);
        await server.events.nth("left", ++left);
      }
      if (random() < 0.3) {
        const peer = await RawPeer.connect(server.port);
        stayed.set(peer.id, peer);
      }
    }
    assertEquals(seen, [...new Set(seen)].sort((a, b) => a - b));
    assertEquals(seen.filter((id) => before.has(id)), [...before]);
  }
  for (const peer of stayed.values()) peer.close();
});

async function page(
  peer: RawPeer,
  after: number,
  limit: number,
): Promise<ListPage> {
  const answer = await peer.ask(Command.list, 3, listQuery, { after, limit });
  assertEquals([answer.id, answer.status], [3, Status.ok]);
  return decodePayload(answer, listPage);
}

async function allPages(peer: RawPeer, limit: number): Promise<ListPage[]> {
  const pages = [await page(peer, 0, limit)];
  while (pages.at(-1)!.more) {
    pages.push(await page(peer, ids(pages.at(-1)!).at(-1)!, limit));
  }
  return pages;
}

async function crowd(port: number, count: number): Promise<GreetedPeer[]> {
  const peers: GreetedPeer[] = [];
  while (peers.length < count) peers.push(await RawPeer.connect(port));
  return peers;
}

function ids({ clients }: ListPage): number[] {
  return clients.map(({ id }) => id);
}

function localPort(peer: RawPeer): number {
  return peer.conn.localAddr.port;
}

function portOf({ port }: ListedClient): number {
  return port;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Random numbers from 0 to 1, the same for the same seed: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
}

import { assert, assertEquals } from "@std/assert";
import {
  decodeNews,
  decodeSnapshot,
  encodeJson,
  type News,
  type Snapshot,
  Subjects,
} from "../../cluster/news.ts";
import { Presence } from "../../cluster/presence.ts";
import type { Member } from "../../server/member.ts";
import { MemoryHub } from "./memory_bus.ts";

const SELF = 4_294_967;
const subjects = new Subjects("lab");

/** A member of whom there is as much to say as of any. */
function member(id: number): Member {
  return {
    id,
    address: "1111:2222:3333:4444:5555:6666:255.255.255.255%interface-15",
    port: 65_535,
    connectedMs: Number.MAX_SAFE_INTEGER,
  } as Member;
}

const FIRST = 4_294_900_000;
const MEMBERS = Array.from({ length: 5_000 }, (_, i) => member(FIRST + i));

function presence(hub: MemoryHub, maxPayload: number): Presence {
  const bus = Object.assign(hub.join(), { maxPayload });
  const state = {
    id: SELF,
    name: "lab",
    address: "127.0.0.1:2203",
    sinceMs: 0,
    clients: MEMBERS.length,
    messagesPerSecond: 0,
    connection: 1,
    blocks: [SELF],
    highestBlock: SELF,
  };
  return new Presence(bus, subjects, () => state, () => MEMBERS);
}

for (const maxPayload of [64 * 1024, 1024 * 1024]) {
  Deno.test(`snapshots and changes fit into ${maxPayload} bytes, and have everybody`, async () => {
    const hub = new MemoryHub();
    using told = presence(hub, maxPayload);
    const asker = hub.join();
    const ids: number[] = [];
    let page: Snapshot;
    do {
      const bytes = await asker.request(
        subjects.clients(SELF),
        encodeJson(ids.at(-1) ?? 0),
        1_000,
      );
      page = decodeSnapshot(bytes);
      assert(bytes.length <= maxPayload, `${bytes.length}`);
      assert(page.clients.length > 0);
      ids.push(...page.clients.map(({ id }) => id));
    } while (page.more);
    assertEquals(ids, MEMBERS.map(({ id }) => id));

    const changes: Extract<News, { kind: "changes" }>[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    asker.subscribe(subjects.news, ({ bytes }) => {
      const news = decodeNews(bytes);
      if (news.kind !== "changes") return;
      assert(bytes.length <= maxPayload, `${bytes.length}`);
      changes.push(news);
      const heard = changes.reduce((sum, { left }) => sum + left.length, 0);
      if (heard === MEMBERS.length) resolve();
    });
    for (const one of MEMBERS) told.joined(one);
    for (const one of MEMBERS) told.left(one);
    await all;
    assertEquals(
      changes.map(({ since, version }) => [since, version]),
      changes.map((_, i) => [i, i + 1]),
    );
    const present = new Set<number>();
    for (const { joined, left } of changes) {
      for (const { id } of joined) present.add(id);
      for (const id of left) present.delete(id);
    }
    assertEquals(present.size, 0);
  });
}

Deno.test("a question that is none is not answered", async () => {
  const hub = new MemoryHub();
  using _ = presence(hub, 64 * 1024);
  const asker = hub.join();
  let answers = 0;
  asker.subscribe("answer", () => void answers++);
  asker.publish(
    subjects.clients(SELF),
    new TextEncoder().encode('"all"'),
    "answer",
  );
  await asker.request(subjects.clients(SELF), encodeJson(0), 1_000);
  assertEquals(answers, 0);
});

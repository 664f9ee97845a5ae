/**
 * What the copy of all clients costs a node of a cluster, with the classes that
 * the node uses: `deno run --v8-flags=--expose-gc bench/roster_cost.ts NODES
 * CLIENTS`, so many clients at each of so many nodes. Prints JSON.
 *
 * @module
 */

import { BLOCK_SIZE } from "../cluster/blocks.ts";
import type { ClusterClient } from "../cluster/neighbours.ts";
import {
  decodeNews,
  decodeSnapshot,
  encodeJson,
  type News,
} from "../cluster/news.ts";
import { ByNumber } from "../server/by_number.ts";
import { Random } from "../tools/soak/random.ts";
import type { RosterCost } from "./simulation/roster_cost.ts";

const CLIENTS_AT_ONCE = 2_000;
/** How many come, and leave, in one message. */
const IN_A_MESSAGE = 5;
/** How many such messages are heard. */
const MESSAGES = 2_000;

const [nodes, clientsEach] = Deno.args.map(Number) as [number, number];
const random = new Random("roster");
const collect = (globalThis as unknown as { gc(): void }).gc;

/** The number of the client that came to a node as its `nth`, from 0. */
function numberOf(node: number, nth: number): number {
  const block = node + Math.floor(nth / BLOCK_SIZE) * nodes;
  return block * BLOCK_SIZE + 1 + nth % BLOCK_SIZE;
}

function client(id: number) {
  const byte = () => random.below(256);
  const address = `${byte()}.${byte()}.${byte()}.${byte()}`;
  return { id, address, port: random.below(60_000), connectedMs: Date.now() };
}

function settled(): { rss: number; heapUsed: number } {
  collect();
  return Deno.memoryUsage();
}

const before = settled();
const roster = new ByNumber<ClusterClient>();
// As they come when a node joins: by node, in pages.
const fetchStart = performance.now();
let encodeMs = 0;
for (let node = 0; node < nodes; node++) {
  for (let at = 0; at < clientsEach; at += CLIENTS_AT_ONCE) {
    const length = Math.min(CLIENTS_AT_ONCE, clientsEach - at);
    const start = performance.now();
    const page = encodeJson({
      version: 1,
      clients: Array.from(
        { length },
        (_, i) => client(numberOf(node, at + i)),
      ),
      more: false,
    });
    encodeMs += performance.now() - start;
    for (const one of decodeSnapshot(page).clients) {
      roster.add({ ...one, node });
    }
  }
}
const fetchMs = performance.now() - fetchStart - encodeMs;
const after = settled();

const messages = Array.from({ length: MESSAGES }, (_, i) => {
  const node = random.below(nodes);
  const nth = clientsEach + IN_A_MESSAGE * i;
  const news: News = {
    kind: "changes",
    id: node,
    since: i,
    version: i + 1,
    joined: Array.from(
      { length: IN_A_MESSAGE },
      (_, j) => client(numberOf(node, nth + j)),
    ),
    left: Array.from(
      { length: IN_A_MESSAGE },
      () => numberOf(node, random.below(clientsEach)),
    ),
  };
  return { node, bytes: encodeJson(news) };
});
const start = performance.now();
for (const { node, bytes } of messages) {
  const news = decodeNews(bytes) as Extract<News, { kind: "changes" }>;
  for (const one of news.joined) roster.add({ ...one, node });
  for (const id of news.left) roster.delete(id);
}
const changes = MESSAGES * 2 * IN_A_MESSAGE;
const changeMicroseconds = (performance.now() - start) * 1000 / changes;

const pageStart = performance.now();
const PAGES = 100;
for (let i = 0; i < PAGES; i++) {
  roster.page({ after: random.below(nodes * clientsEach), limit: 2_000 });
}
const pageMicroseconds = (performance.now() - pageStart) * 1000 / PAGES;

const cost: RosterCost = {
  clients: nodes * clientsEach,
  residentBytes: after.rss - before.rss,
  heapBytes: after.heapUsed - before.heapUsed,
  fetchMs,
  changeMicroseconds,
  pageMicroseconds,
};
console.log(JSON.stringify(cost));

import { assert, assertEquals } from "@std/assert";
import type { Plan } from "../../bench/simulation/plan.ts";
import { simulate } from "../../bench/simulation/traffic.ts";
import { trafficTable } from "../../bench/simulation/traffic_table.ts";
import { encodeJson } from "../../cluster/news.ts";
import {
  Command,
  encodeFrame,
  FrameType,
  listPage,
} from "../../protocol/mod.ts";

const plan: Plan = {
  nodes: 4,
  clients: 2_500,
  comings: 10,
  pages: 3,
  pageSize: 100,
  hours: 0,
  seconds: 20,
  seed: "test",
  address: "127.0.0.1",
};

function assertNear(actual: number, expected: number, within: number): void {
  const off = Math.abs(actual - expected);
  assert(off <= within, `Expected ${expected} ± ${within}, got ${actual}`);
}

Deno.test("the same seed gives the same traffic, another one another", () => {
  assertEquals(simulate(plan), simulate(plan));
  const other = simulate({ ...plan, seed: "other" });
  assert(other.changesHeard !== simulate(plan).changesHeard);
});

Deno.test("who comes and who leaves is told in at most 20 messages a second", () => {
  const { changes, changesHeard } = simulate(plan);
  // 20 changes a second: one begins a message, which takes 50 ms more.
  assertNear(changes.messages, 1 / (0.05 + 1 / 20), 1);
  assertNear(changesHeard, 4 * 20, 10);
  const busy = simulate({ ...plan, comings: 500 });
  assertNear(busy.changes.messages, 1 / (0.05 + 1 / 1_000), 0.5);
});

Deno.test("nobody coming, a node tells its state twice a second, nothing else", () => {
  const { states, changes, changesHeard } = simulate({ ...plan, comings: 0 });
  assertEquals(states.messages, 2);
  assertEquals(changes, { messages: 0, bytes: 0 });
  assertEquals(changesHeard, 0);
});

Deno.test("a node hears all, and NATS hands all to all", () => {
  const { states, changes, heard, handedOut } = simulate(plan);
  const told = states.messages + changes.messages;
  assertNear(heard.messages, 4 * told, 1e-6);
  assertNear(heard.bytes, 4 * (states.bytes + changes.bytes), 1e-6);
  assertNear(handedOut.messages, 16 * told, 1e-6);
  assertNear(handedOut.bytes, 4 * heard.bytes, 1e-6);
});

Deno.test("a state is as long as its encoder makes it, with all its blocks", () => {
  const one = { ...plan, nodes: 1, comings: 0 };
  const state = {
    id: 1,
    name: "node-1",
    address: "127.0.0.1:20001",
    sinceMs: 1_790_000_000_000,
    clients: 2_500,
    messagesPerSecond: 0,
    connection: 1,
    blocks: [1, 2, 3],
    highestBlock: 3,
    version: 0,
  };
  const { length } = encodeJson({ kind: "state", state });
  assertEquals(simulate(one).states.bytes, 2 * length);
});

Deno.test("a node has the blocks that somebody is in, however many it had", () => {
  const bytes = (hours: number) => simulate({ ...plan, hours }).states.bytes;
  // Who comes stays 250 s on average: the last of a thousand some 1,900 s, in
  // which 19 blocks are used. Each is a number and a comma, told twice a second.
  const [first, later] = [bytes(10), bytes(20)];
  const blocks = (first - bytes(0)) / 2 / 5;
  assert(blocks > 12 && blocks < 26, `${blocks}`);
  assertNear(later, first, 2 * 5 * 5 + 30);
});

Deno.test("there are about as many clients at any time", () => {
  const { joining } = simulate({ ...plan, hours: 5 });
  const { bytes } = simulate(plan).joining;
  assertNear(joining.bytes / bytes, 1, 0.06);
});

Deno.test("who joins fetches the clients of all others in pages of 2,000", () => {
  const { messages, bytes } = simulate(plan).joining;
  assertEquals(messages, 3 * 2);
  const clients = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: from + i,
      address: "127.0.0.1",
      port: 2203,
      connectedMs: 1_790_000_000_000,
    }));
  const { length } = encodeJson({
    version: 0,
    clients: clients(2_000, 2_000),
    more: true,
  });
  const each = bytes / 3 / 2_500;
  assertNear(each, length / 2_000, 2);
});

Deno.test("a page of the list is as long as its encoder makes it", () => {
  const { messages, bytes } = simulate(plan).pages;
  const clients = Array.from({ length: 100 }, (_, i) => ({
    id: i,
    address: "127.0.0.1",
    port: 1,
    connectedMs: 1,
  }));
  const page = encodeFrame(
    { type: FrameType.response, command: Command.list, status: 0, id: 1 },
    listPage,
    { more: true, clients },
  );
  assertEquals(messages, 3);
  assertEquals(bytes, 3 * page.length);
});

Deno.test("the table has a line for each plan", () => {
  const lines = trafficTable([[plan, simulate(plan)]]);
  assertEquals(lines.length, 3);
  assert(lines[2]!.startsWith("| 4 | 10,000 | 12.0 | "), lines[2]);
});

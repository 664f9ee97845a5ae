import { assertEquals } from "@std/assert";
import { Neighbours } from "../../cluster/neighbours.ts";
import { encodeJson, type NodeState, Subjects } from "../../cluster/news.ts";
import { until } from "../end_to_end/until.ts";
import { MemoryHub } from "./memory_bus.ts";

const subjects = new Subjects("lab");
const STATE: NodeState = {
  id: 7,
  name: "other",
  address: "127.0.0.1:2203",
  sinceMs: 0,
  clients: 1,
  messagesPerSecond: 0,
  version: 0,
  connection: 1,
  blocks: [7, 9],
  highestBlock: 9,
};
const CLIENT = { id: 6_001, address: "192.0.2.1", port: 5, connectedMs: 0 };

/** One who knows node 7, and that node's end, which answers for its client. */
function meeting(patience: { silenceMs?: number; forgetMs?: number } = {}) {
  const hub = new MemoryHub();
  const bus = hub.join();
  const other = hub.join();
  other.subscribe(subjects.clients(7), ({ respond }) => {
    const { version } = STATE;
    respond(encodeJson({ version, clients: [CLIENT], more: false }));
  });
  const neighbours = new Neighbours(bus, subjects, patience);
  neighbours.hear({ kind: "state", state: STATE });
  return { bus, other, neighbours };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("Neighbours.settled() resolves when the clients of all are known", async () => {
  const { neighbours } = meeting();
  using _ = neighbours;
  assertEquals(neighbours.clients.size, 0);
  await neighbours.settled();
  assertEquals([...neighbours.clients.values()], [{ ...CLIENT, node: 7 }]);
});

Deno.test("Neighbours.settled() waits for nobody who does not answer", async () => {
  const { other, neighbours } = meeting();
  using _ = neighbours;
  other.kill();
  await neighbours.settled();
  assertEquals(neighbours.clients.size, 0);
});

Deno.test("Neighbours forgets whose a block was when its node does not name it", () => {
  const { neighbours } = meeting();
  using _ = neighbours;
  const owner = (number: number) => neighbours.ownerOf(number)?.state.name;
  assertEquals([owner(6_001), owner(7_001), owner(8_001)], [
    "other",
    undefined,
    "other",
  ]);
  const state = { ...STATE, blocks: [9, 12] };
  neighbours.hear({ kind: "state", state });
  assertEquals([owner(6_001), owner(8_001), owner(11_001)], [
    undefined,
    "other",
    "other",
  ]);
  neighbours.hear({ kind: "gone", id: 7 });
  assertEquals(owner(8_001), undefined);
});

Deno.test("Neighbours forgets who is silent, but not while nobody can be heard", async () => {
  const { bus, neighbours } = meeting({ silenceMs: 10, forgetMs: 50 });
  using _ = neighbours;
  await neighbours.settled();
  bus.connected = false;
  neighbours.loseAll();
  const lostMs = performance.now();
  await until("100 ms later", async () => {
    await tick();
    return performance.now() - lostMs > 100;
  });
  assertEquals(neighbours.missing, ["other"]);
  bus.connected = true;
  neighbours.listenAgain();
  await until("it is forgotten", async () => {
    await tick();
    return neighbours.missing.length === 0;
  });
  assertEquals([...neighbours.all], []);
});

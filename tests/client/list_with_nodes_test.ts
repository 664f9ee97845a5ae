import { assertEquals, assertRejects } from "@std/assert";
import { Client, IncompleteListError } from "../../client/mod.ts";
import { listWithNodes } from "../../client/list_with_nodes.ts";
import {
  Command,
  type ListPage,
  listPage,
  Status,
} from "../../protocol/mod.ts";
import { frameOf } from "../server/raw_peer.ts";
import { answerList, NODES } from "./nodes_answers.ts";
import { partWith, RawServer } from "./raw_server.ts";

const listed = (id: number) => ({
  ...{ id, address: "192.0.2.9", port: 9, connectedMs: 5 },
});

/** What is found when the server answers so. */
async function asked(
  pages: readonly ListPage[],
  missing: string | undefined,
  nodes = NODES,
) {
  using server = new RawServer();
  const accepted = server.greet();
  const client = await Client.connect({ port: server.port });
  const peer = await accepted;
  const found = listWithNodes(client, {});
  await answerList(peer, pages, missing, nodes);
  const result = await found;
  const left = client.disconnect();
  await partWith(peer);
  await left;
  return result;
}

Deno.test("each client has its node's name, from the ranges of all", async () => {
  const { clients, incomplete } = await asked([
    { more: true, clients: [1, 1000, 1001].map(listed) },
    { more: false, clients: [2500, 4000, 4001, 5000, 5001].map(listed) },
  ], undefined);
  assertEquals(
    clients.map(({ id, node }) => [id, node]),
    [
      ...[[1, "lab-1"], [1000, "lab-1"], [1001, "lab-2\u001b"]],
      ...[[2500, "lab-3"], [4000, "lab-3"], [4001, "lab-2\u001b"]],
      ...[[5000, "lab-2\u001b"], [5001, ""]],
    ],
  );
  assertEquals(incomplete, undefined);
});

Deno.test("where there is one node, or none is told, clients have none", async () => {
  for (const nodes of [NODES.slice(0, 1), []]) {
    const page = { more: false, clients: [listed(1)] };
    const { clients } = await asked([page], undefined, nodes);
    assertEquals(clients, [listed(1)]);
  }
});

Deno.test("what is missing is told, and what is there is kept", async () => {
  const pages = [{ more: true, clients: [listed(1), listed(1001)] }];
  const { clients, incomplete } = await asked(pages, "lab-3 is missing");
  assertEquals(clients.map(({ id }) => id), [1, 1001]);
  assertEquals(incomplete?.message, "lab-3 is missing");
});

Deno.test("a server that knows no nodes, or gives none now, has a list all the same", async () => {
  for (const status of [Status.unknownCommand, Status.tooManyRequests]) {
    using server = new RawServer();
    const accepted = server.greet();
    await using client = await Client.connect({ port: server.port });
    using peer = await accepted;
    const found = listWithNodes(client, {});
    await answerOlder(peer, status);
    assertEquals(await found, {
      clients: [listed(7)],
      incomplete: undefined,
    });
    const left = client.disconnect();
    await partWith(peer);
    await left;
  }
});

async function answerOlder(
  peer: Awaited<ReturnType<RawServer["greet"]>>,
  status: Status,
): Promise<void> {
  const [list, nodes] = await peer.take(2);
  assertEquals([list!.command, nodes!.command], [Command.list, Command.nodes]);
  await peer.refuse(nodes!, status, "no");
  const header = { type: 2 as const, command: list!.command, id: list!.id };
  await peer.write(
    frameOf(header, listPage, { more: false, clients: [listed(7)] }),
  );
}

Deno.test("list() rejects with what is there when a node is missing", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const nodes = client.nodes();
  const list = assertRejects(() => client.list(), IncompleteListError);
  await answerList(
    peer,
    [
      { more: true, clients: [listed(1)] },
      { more: true, clients: [listed(1001)] },
    ],
    "lab-3 is missing",
    NODES,
  );
  assertEquals(await nodes, NODES);
  const { status, message, clients } = await list;
  assertEquals([status, message], [Status.incomplete, "lab-3 is missing"]);
  assertEquals(clients, [listed(1), listed(1001)]);
  const left = client.disconnect();
  await partWith(peer);
  await left;
});

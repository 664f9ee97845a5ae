import {
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { Client, ConnectionError, RefusedError } from "../../client/mod.ts";
import {
  Command,
  decodePayload,
  encodedPayload,
  type Frame,
  FrameType,
  type ListedClient,
  type ListPage,
  listPage,
  listQuery,
  name,
  ProtocolError,
  Status,
  time,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { frameOf, RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { within } from "../server/within.ts";
import { partWith, RawServer } from "./raw_server.ts";

const type = FrameType.response;
const NOT_UTF8 = Uint8Array.of(0xff);
const TIME = { unixMs: 1, offsetMinutes: -90, zone: "America/St_Johns" };

Deno.test("time, name and list give what the server has", async () => {
  await using server = await watchedServer({ name: "lab" });
  await using client = await Client.connect({ port: server.port });
  using other = await RawPeer.connect(server.port);

  const beforeMs = Date.now();
  const { unixMs } = await client.time();
  assertGreaterOrEqual(unixMs, beforeMs);
  assertEquals(await client.name(), "lab");
  const list = await client.list();
  assertEquals(list.map(({ id }) => id), [client.id, other.id]);
});

Deno.test("ping gives how long it took", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const startMs = performance.now();
  const ms = await client.ping();
  assertGreater(ms, 0);
  assertLessOrEqual(ms, performance.now() - startMs);
});

Deno.test("a server's ping is answered", async () => {
  await using visit = await rawVisit();
  const { peer } = visit;
  const header = { type: FrameType.indication, command: Command.ping, id: 3 };
  await peer.write(frameOf(header));
  const answer = await peer.next();
  assertEquals([answer.type, answer.command, answer.status, answer.id], [
    FrameType.response,
    Command.ping,
    Status.ok,
    3,
  ]);
});

Deno.test("a server's ping with id 0 wants no answer, and gets none", async () => {
  await using visit = await rawVisit();
  const { peer } = visit;
  const header = { type: FrameType.indication, command: Command.ping };
  await peer.write(
    frameOf({ ...header, id: 0 }),
    frameOf({ ...header, id: 1 }),
  );
  assertEquals((await peer.next()).id, 1);
});

Deno.test("1,000 requests at once get 1,000 answers", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const names = await Promise.all(
    Array.from({ length: 1000 }, () => client.name()),
  );
  assertEquals(names, Array(1000).fill("lab"));
});

Deno.test("ids of requests under way differ, and none is 0", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = Array.from({ length: 10 }, () => client.name());
  const requests = await peer.take(10);
  assertEquals(new Set(requests.map(({ id }) => id)).size, 10);
  assertEquals(requests.filter(({ id }) => id === 0), []);
  await peer.write(...requests.map((each) => nameAnswer(each, "x")));
  await Promise.all(asked);
});

Deno.test("answers that come in another order go to whoever asked", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const one = client.name();
  const two = client.time();
  const three = client.name();
  const [first, second, third] = await peer.take(3);

  await peer.write(
    nameAnswer(third!, "three"),
    frameOf({ type, command: Command.time, id: second!.id }, time, TIME),
    nameAnswer(first!, "one"),
  );

  assertEquals(await Promise.all([one, two, three]), ["one", TIME, "three"]);
});

Deno.test("a refusal rejects with its status and sentence", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = assertRejects(() => client.time(), RefusedError, "not today");
  await peer.refuse(await peer.next(), Status.serverError, "not today");
  assertEquals((await asked).status, Status.serverError);
});

Deno.test("a refusal without a sentence has its status's name", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = assertRejects(
    () => client.name(),
    RefusedError,
    "shutting-down",
  );
  await peer.refuse(await peer.next(), Status.shuttingDown, "");
  await asked;
});

Deno.test("a status that nobody knows is a refusal", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = assertRejects(() => client.name(), RefusedError, "later");
  await peer.refuse(await peer.next(), 0x7777 as Status, "later");
  assertEquals((await asked).status, 0x7777);
});

Deno.test("no answer within the timeout: rejects, and the connection goes on", async () => {
  using clock = new FakeTime();
  await using visit = await rawVisit({ timeoutMs: 200 });
  const { client, peer } = visit;
  const asked = assertRejects(
    () => client.time(),
    ConnectionError,
    "did not answer time within 0.2 s",
  );
  const late = await peer.next();
  // It is counted in whole milliseconds.
  await clock.live(200 + 1);
  await asked;
  await peer.write(
    frameOf({ type, command: Command.time, id: late.id }, time, TIME),
  );
  const again = client.name();
  await peer.write(nameAnswer(await peer.next(), "still here"));
  assertEquals(await again, "still here");
});

Deno.test("an aborted request rejects with the reason; its late answer is ignored", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error("enough");
  const asked = assertRejects(() => client.name({ signal }));
  const request = await peer.next();
  controller.abort(reason);
  assertStrictEquals(await asked, reason);

  const again = client.name();
  const second = await peer.next();
  // It would not even fit, if anybody looked at it.
  const { command, id } = request;
  const late = frameOf({ type, command, id }, encodedPayload, NOT_UTF8);
  await peer.write(late, nameAnswer(second, "new"));
  assertEquals(await again, "new");
});

Deno.test("a request that is aborted before is not sent", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const reason = new Error("enough");
  const signal = AbortSignal.abort(reason);
  assertStrictEquals(
    await assertRejects(() => client.time({ signal })),
    reason,
  );
  const asked = client.name();
  const request = await peer.next();
  assertEquals(request.command, Command.name);
  await peer.write(nameAnswer(request, "x"));
  await asked;
});

Deno.test("a list of many pages is asked for page by page, and whole", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const clients = Array.from({ length: 7 }, (_, i) => listed(10 * (i + 1)));
  const asked = client.list();
  const afters: number[] = [];
  for (let at = 0; at < 7; at += 3) {
    const request = await peer.next();
    afters.push(decodePayload(request, listQuery).after);
    const more = at + 3 < 7;
    await peer.write(
      pageAnswer(request, { more, clients: clients.slice(at, at + 3) }),
    );
  }
  assertEquals(await asked, clients);
  assertEquals(afters, [0, 30, 60]);
});

Deno.test("an empty page ends the list, even if it promises more", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = client.list();
  await peer.write(pageAnswer(await peer.next(), { more: true, clients: [] }));
  assertEquals(await asked, []);
});

Deno.test("a list that goes in circles is the server's fault, and not gone through for ever", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const asked = assertRejects(() => client.list(), ProtocolError);
  const page = { more: true, clients: [listed(1), listed(2)] };
  await peer.write(pageAnswer(await peer.next(), page));
  await peer.write(pageAnswer(await peer.next(), page));
  await within(10_000, asked);
});

Deno.test("an answer whose payload does not fit: rejects, complains, and closes", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const asked = assertRejects(() => client.time(), ProtocolError);
  const other = assertRejects(() => client.name(), ConnectionError);
  const [request] = await peer.take(2);

  const { id } = request!;
  const short = new Uint8Array(3);
  await peer.write(
    frameOf({ type, command: Command.time, id }, encodedPayload, short),
  );

  assertEquals((await peer.next()).command, Command.error);
  await peer.ended();
  peer.close();
  await asked;
  await other;
  assertEquals((await client.closed).how, "fault");
});

Deno.test("an answer about another command ends the connection", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const asked = assertRejects(() => client.time(), ConnectionError);
  await peer.write(nameAnswer(await peer.next(), "x"));
  assertEquals((await peer.next()).command, Command.error);
  await peer.ended();
  peer.close();
  await asked;
  assertEquals((await client.closed).how, "fault");
});

Deno.test("indications that the client does not know are ignored", async () => {
  await using visit = await rawVisit();
  const { client, peer } = visit;
  const header = { type: FrameType.indication, command: 77 };
  await peer.write(frameOf(header, encodedPayload, new Uint8Array(9)));
  const asked = client.name();
  await peer.write(nameAnswer(await peer.next(), "x"));
  assertEquals(await asked, "x");
});

Deno.test("reads counts what the socket has brought", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const before = client.reads;
  await client.name();
  assertEquals(client.reads, before + 1);
});

interface RawVisit extends AsyncDisposable {
  client: Client;
  peer: RawPeer;
}

/** A client at a raw server, and an orderly end for both. */
async function rawVisit(
  options: { timeoutMs?: number } = {},
): Promise<RawVisit> {
  using server = new RawServer();
  const accepted = server.greet();
  const client = await Client.connect({ port: server.port, ...options });
  const peer = await accepted;
  return {
    client,
    peer,
    async [Symbol.asyncDispose]() {
      const left = client.disconnect();
      await partWith(peer).catch(() => peer.close());
      await left;
    },
  };
}

function nameAnswer(
  { id }: Frame,
  value: string,
): Uint8Array {
  return frameOf({ type, command: Command.name, id }, name, value);
}

function pageAnswer({ id }: Frame, page: ListPage): Uint8Array {
  return frameOf({ type, command: Command.list, id }, listPage, page);
}

function listed(id: number): ListedClient {
  return { id, address: "2001:db8::1", port: 1000 + id, connectedMs: id };
}

import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { Client } from "../../../client/mod.ts";
import { RawPeer } from "../../server/raw_peer.ts";
import { watchedServer } from "../../server/watched_server.ts";
import { runOneShot } from "./run_one_shot.ts";

Deno.test("time prints the server's time, with its offset and zone", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const { code, lines } = await runOneShot(client, ["time"]);
  assertEquals([code, lines.length], [0, 1]);
  assertMatch(
    lines[0]!,
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(.+\)$/,
  );
});

Deno.test("time --json: unixMs, iso, zone, and all three the same moment", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const beforeMs = Date.now();
  const { code, lines } = await runOneShot(client, ["time"], { json: true });
  assertEquals([code, lines.length], [0, 1]);
  const { unixMs, iso, zone, ...rest } = JSON.parse(lines[0]!);
  assertGreaterOrEqual(unixMs, beforeMs);
  assertEquals(Date.parse(iso), unixMs);
  assertEquals(zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
  assertEquals(rest, {});
});

Deno.test("name prints the name, made harmless; with --json as it is", async () => {
  const name = "lab\u001b[2J";
  await using server = await watchedServer({ name });
  await using client = await Client.connect({ port: server.port });
  assertEquals(await runOneShot(client, ["name"]), {
    code: 0,
    lines: ["lab␛[2J"],
  });
  const { code, lines } = await runOneShot(client, ["name"], { json: true });
  assertEquals(code, 0);
  assertEquals(lines.map((line) => JSON.parse(line)), [{ name }]);
});

Deno.test("list prints a line a client: number, address, port, and who is oneself", async () => {
  await using server = await watchedServer();
  using other = await RawPeer.connect(server.port);
  await using client = await Client.connect({ port: server.port });

  const { code, lines } = await runOneShot(client, ["list"]);

  assertEquals([code, lines.length], [0, 3]);
  const { port } = other.conn.localAddr;
  assertMatch(lines[0]!, /^number +address +since$/);
  assertMatch(
    lines[1]!,
    new RegExp(String.raw`^1 +127\.0\.0\.1:${port} .*\d\d:\d\d:\d\d$`),
  );
  assertMatch(lines[2]!, /^2 +127\.0\.0\.1:\d+ .*\(you\)$/);
});

Deno.test("list --json: an object a client", async () => {
  await using server = await watchedServer();
  using other = await RawPeer.connect(server.port);
  await using client = await Client.connect({ port: server.port });

  const { code, lines } = await runOneShot(client, ["list"], { json: true });

  assertEquals(code, 0);
  const [first, second] = lines.map((line) => JSON.parse(line));
  const { connectedMs, ...rest } = first;
  assertGreaterOrEqual(Date.now(), connectedMs);
  assertEquals(rest, {
    id: 1,
    address: "127.0.0.1",
    port: other.conn.localAddr.port,
    self: false,
  });
  assertEquals([second.id, second.self], [2, true]);
  assertEquals(lines.length, 2);
});

Deno.test("an aborted signal stops each of them", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const signal = AbortSignal.abort(new Error("stop"));
  for (const words of [["time"], ["name"], ["list"], ["send", "9", "x"]]) {
    const error = await assertRejects(
      () => runOneShot(client, words, { signal }),
    );
    assert(error === signal.reason);
  }
});

import {
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertRejects,
} from "@std/assert";
import { Client, ConnectionError } from "../../client/mod.ts";
import { Command, FrameType } from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { within } from "../server/within.ts";
import { partWith, RawServer } from "./raw_server.ts";

/** As short as a heartbeat's times can be told apart. */
const PING_INTERVAL_MS = 300;
const PING_TIMEOUT_MS = 300;

Deno.test("a quiet server is asked whether it is there; an answer will do", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  const client = await connect(server.port);
  const peer = await accepted;
  for (let i = 0; i < 3; i++) {
    const frame = await peer.next();
    assertEquals(
      [frame.type, frame.command],
      [FrameType.indication, Command.ping],
    );
    await peer.confirm(frame);
  }
  const parting = partWith(peer);
  await client.disconnect();
  await parting;
});

Deno.test("a server that stays silent is given up: lost, and what is pending rejects at once", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  const client = await connect(server.port);
  using peer = await accepted;
  const startMs = performance.now();
  const error = await assertRejects(
    () => within(5_000, client.time()),
    ConnectionError,
    "the server has been silent for 0.6 s",
  );
  const ms = performance.now() - startMs;
  assertGreaterOrEqual(ms, 550);
  assertLess(ms, 4_000);
  assertEquals(error.permanent, false);
  assertEquals(await client.closed, {
    how: "lost",
    why: "the server has been silent for 0.6 s",
  });
  const frames = await peer.rest();
  assertEquals(
    frames.map(({ command }) => command),
    [Command.time, Command.ping],
  );
});

Deno.test("with an interval of 0 nobody is asked", async () => {
  using time = new FakeTime();
  using server = new RawServer();
  const accepted = server.greet();
  const client = await Client.connect({
    port: server.port,
    pingIntervalMs: 0,
    pingTimeoutMs: 1,
    timeoutMs: 900,
  });
  const peer = await accepted;
  const asked = assertRejects(
    () => client.time(),
    ConnectionError,
    "within 0.9 s",
  );
  assertEquals((await peer.next()).command, Command.time);
  // As long as it took above, and longer.
  await time.live(900 + 1);
  await asked;
  const parting = partWith(peer);
  await client.disconnect();
  await parting;
});

function connect(port: number): Promise<Client> {
  return Client.connect({
    port,
    pingIntervalMs: PING_INTERVAL_MS,
    pingTimeoutMs: PING_TIMEOUT_MS,
  });
}

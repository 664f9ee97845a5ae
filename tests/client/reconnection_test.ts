import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { Backoff } from "../../client/backoff.ts";
import { Client, type Closing, ConnectionError } from "../../client/mod.ts";
import { RefusedError } from "../../client/mod.ts";
import {
  Reconnection,
  type ReconnectionOptions,
} from "../../client/reconnection.ts";
import { en } from "../../client/texts/en.ts";
import { GoodbyeReason, Status } from "../../protocol/mod.ts";
import { watchedServer } from "../server/watched_server.ts";

const LOST: Closing = { how: "lost", why: "the server closed\u001b" };

const never = new AbortController().signal;

/** A reconnection whose attempts end like this, one after the other. */
function scripted(outcomes: (Client | Error)[]) {
  const said: string[] = [];
  const waitsMs: number[] = [];
  const clock = { nowMs: 5_000 };
  const options: ReconnectionOptions = {
    connect() {
      const outcome = outcomes.shift() ?? new TypeError("one attempt too many");
      return outcome instanceof Error
        ? Promise.reject(outcome)
        : Promise.resolve(outcome);
    },
    say: (line) => said.push(line),
    texts: en,
    backoff: new Backoff(() => 0.6),
    wait(ms) {
      waitsMs.push(ms);
      return Promise.resolve();
    },
    now: () => clock.nowMs,
  };
  return { reconnection: new Reconnection(options), said, waitsMs, clock };
}

/** A client at a server of its own. */
async function visit() {
  const server = await watchedServer();
  const client = await Client.connect({ port: server.port });
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await server.shutdown();
    },
  };
}

Deno.test("a server that is there is not waited for", async () => {
  await using there = await visit();
  const { reconnection, said, waitsMs } = scripted([there.client]);
  assertStrictEquals(await reconnection.connect(never), there.client);
  assertEquals(said, ["Connected as number 1"]);
  assertEquals(waitsMs, []);
});

Deno.test("a server that is not there is tried less and less often; why is said when it is new", async () => {
  await using there = await visit();
  const refused = () => new ConnectionError("nobody listens\n");
  const { reconnection, said, waitsMs } = scripted([
    refused(),
    refused(),
    new ConnectionError("it is full"),
    refused(),
    there.client,
  ]);
  assertStrictEquals(await reconnection.connect(never), there.client);
  assertEquals(waitsMs, [400, 800, 1600, 3200]);
  assertEquals(said, [
    "nobody listens␊",
    "Trying again in 0.4 s",
    "Trying again in 0.8 s",
    "it is full",
    "Trying again in 1.6 s",
    "nobody listens␊",
    "Trying again in 3.2 s",
    "Connected as number 1",
  ]);
});

Deno.test("a connection that was lost is made again after a while", async () => {
  await using there = await visit();
  const { reconnection, said, waitsMs } = scripted([there.client]);
  const client = await reconnection.reconnect(LOST, never);
  assertStrictEquals(client, there.client);
  assertEquals(waitsMs, [400]);
  assertEquals(said, [
    "Disconnected: the server closed␛",
    "Trying again in 0.4 s",
    "Connected as number 1",
  ]);
});

Deno.test("the waits begin anew after a connection that lasted, and only then", async () => {
  await using there = await visit();
  const { client } = there;
  const { reconnection, waitsMs, clock } = scripted(Array(5).fill(client));
  await reconnection.connect(never);
  for (const lastedMs of [9_999, 0, 10_000, 9_999]) {
    clock.nowMs += lastedMs;
    await reconnection.reconnect(LOST, never);
  }
  assertEquals(waitsMs, [400, 800, 400, 800]);
});

Deno.test("every goodbye of the server but one is worth another attempt", async () => {
  await using there = await visit();
  for (const reason of [...Object.values(GoodbyeReason), 99]) {
    const { reconnection, waitsMs } = scripted([there.client]);
    const closing: Closing = { how: "goodbye", why: "bye", reason };
    if (reason === GoodbyeReason.noToken) {
      await assertRejects(
        () => reconnection.reconnect(closing, never),
        ConnectionError,
        "Disconnected: bye",
      );
      assertEquals(waitsMs, []);
    } else {
      await reconnection.reconnect(closing, never);
      assertEquals(waitsMs.length, 1);
    }
  }
});

Deno.test("whoever does not speak the protocol is not called again", async () => {
  const { reconnection, waitsMs, said } = scripted([]);
  const closing: Closing = { how: "fault", why: "byte 9 was wrong\u001b" };
  await assertRejects(
    () => reconnection.reconnect(closing, never),
    ConnectionError,
    "Disconnected: byte 9 was wrong␛",
  );
  assertEquals([waitsMs, said], [[], []]);
});

Deno.test("what would be the same the next time ends the attempts", async () => {
  const errors = [
    new ConnectionError("no trust", { permanent: true }),
    new RefusedError(Status.wrongToken, "not this token"),
    new TypeError("a bug"),
  ];
  for (const error of errors) {
    const { reconnection, waitsMs } = scripted([
      new ConnectionError("nobody listens"),
      error,
    ]);
    assertStrictEquals(
      await assertRejects(() => reconnection.connect(never)),
      error,
    );
    assertEquals(waitsMs.length, 1);
  }
});

Deno.test("the signal ends an attempt, and the wait for the next", async () => {
  const reason = new Error("Ctrl-C");
  const places = {
    connect: (controller: AbortController) => ({
      connect: (signal: AbortSignal) => {
        controller.abort(reason);
        return Promise.reject(signal.reason);
      },
    }),
    // A pause of its own: it would take half a second at the least.
    wait: (controller: AbortController) => ({
      connect: () => Promise.reject(new ConnectionError("nobody")),
      backoff: new Backoff(() => 60),
      say: (line: string) => {
        if (line.startsWith("Trying")) queueMicrotask(() => stop(controller));
      },
    }),
  };
  const stop = (controller: AbortController) => controller.abort(reason);
  for (const place of Object.values(places)) {
    const controller = new AbortController();
    const reconnection = new Reconnection({
      say: () => {},
      texts: en,
      ...place(controller),
    });
    const error = await assertRejects(() =>
      reconnection.connect(controller.signal)
    );
    assertStrictEquals(error, reason);
    assert(controller.signal.aborted);
  }
});

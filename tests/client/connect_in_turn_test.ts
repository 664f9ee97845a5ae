import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { connectInTurn } from "../../client/connect_in_turn.ts";
import { Client, ConnectionError, RefusedError } from "../../client/mod.ts";
import type { ServerAddress } from "../../client/parse_server.ts";
import { GoodbyeReason, Status } from "../../protocol/mod.ts";
import { ClientTap } from "./client_tap.ts";
import { goodbyeFrame, partWith, RawServer } from "./raw_server.ts";

// On the ports below 10 nobody ever listens.
const at = ({ port }: { port: number }) => ({ hostname: "127.0.0.1", port });
const connect = (server: ServerAddress) => Client.connect(server);

Deno.test("the first that is there is taken, and no other is tried", async () => {
  using first = new RawServer();
  const dead = { port: 1 };
  const left = first.greet({ name: "first" }).then(partWith);
  const tried: number[] = [];
  const { client, server } = await connectInTurn(
    [at(dead), at(first), at({ port: 2 })],
    (server) => {
      tried.push(server.port);
      return connect(server);
    },
  );
  assertEquals(client.hello.name, "first");
  assertEquals(server, at(first));
  assertEquals(tried, [dead.port, first.port]);
  await client.disconnect();
  await left;
});

Deno.test("one that is full or shutting down sends on to the next", async () => {
  await using tap = new ClientTap();
  for (
    const reason of [
      GoodbyeReason.serverFull,
      GoodbyeReason.addressFull,
      GoodbyeReason.shuttingDown,
    ]
  ) {
    using full = new RawServer();
    using next = new RawServer();
    const refused = full.say(goodbyeFrame("not here", reason))
      .then(async (peer) => {
        await peer.ended();
        peer.close();
      });
    const left = next.greet({ name: "next" }).then(partWith);
    const { client } = await connectInTurn(
      [at(full), at(next)],
      (server) => Client.connect({ ...server, tap }),
    );
    assertEquals(client.hello.name, "next");
    await client.disconnect();
    await Promise.all([refused, left]);
  }
});

Deno.test("none is there: one error names all; of one alone it is its own", async () => {
  const ports = [1, 2];
  const error = await assertRejects(
    () => connectInTurn(ports.map((port) => at({ port })), connect),
    ConnectionError,
  );
  assert(error.message.startsWith("None of 2 servers can be reached: "));
  for (const port of ports) {
    assert(error.message.includes(`No server listens on 127.0.0.1:${port}.`));
  }
  assert(!error.permanent);
  const own = new ConnectionError("alone");
  const alone = await assertRejects(() =>
    connectInTurn([at({ port: 1 })], () => Promise.reject(own))
  );
  assertStrictEquals(alone, own);
});

Deno.test("it is worth another attempt unless it would be the same with all", async () => {
  for (
    const [first, second] of [[true, true], [true, false], [false, false]]
  ) {
    const errors = [first, second].map((permanent) =>
      new ConnectionError("no", { permanent: permanent! })
    );
    const error = await assertRejects(
      () =>
        connectInTurn(
          [at({ port: 1 }), at({ port: 2 })],
          () => Promise.reject(errors.shift()),
        ),
      ConnectionError,
    );
    assertEquals(error.permanent, first && second);
  }
});

Deno.test("a wrong token, or to be asked to stop, ends it at once", async () => {
  for (
    const why of [
      new RefusedError(Status.wrongToken, "wrong"),
      new DOMException("stop", "AbortError"),
    ]
  ) {
    let tried = 0;
    const error = await assertRejects(() =>
      connectInTurn([at({ port: 1 }), at({ port: 2 })], () => {
        tried++;
        return Promise.reject(why);
      })
    );
    assertStrictEquals(error, why);
    assertEquals(tried, 1);
  }
});

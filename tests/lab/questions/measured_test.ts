import { assert, assertEquals, assertLess } from "@std/assert";
import type { Lab } from "../../../lab/experiment.ts";
import { observeBeforeAccept } from "../../../lab/questions/before_accept.ts";
import { JUDGES } from "../../../lab/questions/judge.ts";
import { observeLocalPort } from "../../../lab/questions/local_port.ts";
import { observeSegments } from "../../../lab/questions/segments_and_sends.ts";
import { observeTellingApart } from "../../../lab/questions/telling_apart.ts";
import { TimeWaitWatch } from "../../../lab/questions/time_wait_watch.ts";
import { whyNoSockets } from "../../../lab/sockets.ts";
import { Programs } from "../../../tools/programs.ts";

const obstacle = await whyNoSockets();
if (obstacle !== undefined) {
  console.log("The questions are not measured:", obstacle);
}

const lab: Lab = {
  programs: Programs.fromSources(),
  language: "zh",
  captures: "",
  full: false,
};

/** Registers a test that measures for real. */
function real(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: obstacle !== undefined, fn });
}

/** Fails unless all findings hold. */
function assertHold(
  findings: readonly { readonly claim: string; readonly holds: boolean }[],
): void {
  assertEquals(findings.filter(({ holds }) => !holds), []);
}

real("where a client's port comes from", async () => {
  const seen = await observeLocalPort(lab);
  assertEquals(seen.ports.length, 10);
  assertHold(JUDGES.localPort(seen));
});

real("connect before accept", async () => {
  assertHold(JUDGES.beforeAccept(await observeBeforeAccept()));
});

real("segments and sends", async () => {
  const seen = await observeSegments();
  assertEquals(seen.sendings.map(({ bytes }) => bytes), [1600, 1600, 1e6]);
  assertHold(JUDGES.segments(seen));
});

real("clients on one port", async () => {
  const seen = await observeTellingApart(lab);
  assertEquals(Object.keys(seen.listed), ["1", "2", "3", "4"]);
  assertHold(JUDGES.tellingApart(seen));
});

real("TIME-WAIT is seen, and the watch ends when it is told to", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const client = await Deno.connect({ hostname: "127.0.0.1", port });
  const accepted = await listener.accept();
  const localPort = client.localAddr.port;
  client.close();
  assertEquals(await accepted.read(new Uint8Array(1)), null);
  accepted.close();

  const startMs = performance.now();
  const watch = await TimeWaitWatch.begin(port, localPort);
  assertEquals(watch.first.sockets.map(({ state }) => state), ["TIME-WAIT"]);
  await watch[Symbol.asyncDispose]();
  const { looks, goneMs } = await watch.watched;
  assertEquals(goneMs, undefined);
  assert(looks[0]!.leftMs > 50_000 && looks[0]!.leftMs <= 60_000);
  assertLess(performance.now() - startMs, 5_000);
});

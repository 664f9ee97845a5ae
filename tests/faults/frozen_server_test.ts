import {
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { until } from "../end_to_end/until.ts";
import { Stopwatch } from "../stopwatch.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { Traffic } from "./traffic.ts";

fault(
  "a server that is frozen is noticed by who has short times, and goes on with the others when it thaws",
  async (programs) => {
    const ledgers = new Ledgers();
    // It is frozen for longer than it has patience itself.
    await using server = await programs.startServer(
      ...["--ping-interval", "0.4", "--ping-timeout", "0.4"],
    );
    const { port } = server;
    await using patient = await programs.startListener(port);
    await using hasty = await programs.startListener(
      port,
      ...["--ping-interval", "0.5", "--ping-timeout", "0.5"],
    );
    await using witness = await Client.connect({ port });
    const receivers = [patient.id];
    await using patience = await Traffic.start({ port, ledgers, receivers });
    await using haste = await Traffic.start({
      port,
      ledgers,
      receivers,
      pingIntervalMs: 500,
      pingTimeoutMs: 500,
    });
    await haste.delivered(100);

    server.kill("SIGSTOP");
    await standsStill(server.pid);
    using sinceFrozen = new Stopwatch();
    await haste.lost();
    for (const sender of haste.senders) {
      const { how, why } = await sender.closed;
      assertEquals({ how, why }, {
        how: "lost",
        why: "the server has been silent for 1 s",
      });
    }
    const { code, stderr } = await hasty.end();
    // A second is what they are told; the others are for a machine that is busy.
    assertLess(sinceFrozen.ms, 3000);
    assertEquals(code, 3);
    assertMatch(stderr, /^parley-client: Disconnected: .*silent for 1 s\n$/);

    server.kill("SIGCONT");
    const there = [patient, witness, ...patience.senders].map(({ id }) => id);
    await until("the hasty ones off the list", async () => {
      const listed = await witness.list();
      return listed.length === there.length;
    });
    assertEquals((await witness.list()).map(({ id }) => id), there);
    await patience.delivered(100);
    await patience.stop();
    const { notDelivered } = await compare(ledgers, [patient, hasty]);
    const { "connection-lost": lost, ...others } = notDelivered;
    assertGreater(lost!, 0);
    assertEquals(others, {});
    server.kill("SIGTERM");
    assertEquals((await server.end()).code, 0);
    assertEquals(server.stderr.text.match(/left \(silent/g), null);
  },
);

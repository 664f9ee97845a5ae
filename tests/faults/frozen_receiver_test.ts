import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { until } from "../end_to_end/until.ts";
import { Stopwatch } from "../stopwatch.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { nameOf, Traffic } from "./traffic.ts";

fault(
  "a receiver that is frozen is off the list in time, and everybody learns it",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer(
      ...["--ping-interval", "1", "--ping-timeout", "1"],
    );
    const { port } = server;
    await using other = await programs.startListener(port);
    await using frozen = await programs.startListener(port);
    await using witness = await Client.connect({ port });
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [other.id],
    });
    await traffic.delivered(1);

    frozen.kill("SIGSTOP");
    await standsStill(frozen.pid);
    using sinceFrozen = new Stopwatch();
    const sending = ledgers.record(
      nameOf(witness.id),
      nameOf(frozen.id),
      (text) => witness.send(frozen.id, text),
    );
    await until("the frozen one off the list", async () => {
      const listed = await witness.list();
      return listed.every(({ id }) => id !== frozen.id);
    });
    // It is told two seconds; the third is for a machine that is busy.
    assertLess(sinceFrozen.ms, 3000);
    assertEquals(await sending, "receiver-gone");
    await server.stderr.find(
      new RegExp(`#${frozen.id} .*left \\(silent: nothing was heard for 2 s`),
    );
    await traffic.delivered(100);
    await traffic.stop();

    frozen.kill("SIGCONT");
    const { code, stderr } = await frozen.end();
    assertEquals(code, 3);
    assertMatch(stderr, /^parley-client: Disconnected: .+\n$/);
    const { sent, delivered } = await compare(ledgers, [other, frozen]);
    assertEquals(delivered, sent - 1);
  },
);

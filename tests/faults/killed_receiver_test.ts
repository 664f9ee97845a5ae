import { assertEquals, assertGreater } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { scenario } from "../end_to_end/scenario.ts";
import { until } from "../end_to_end/until.ts";
import { compare } from "./compare.ts";
import { Traffic } from "./traffic.ts";

scenario(
  "a receiver that is killed under load costs nobody else a message",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer();
    const { port } = server;
    await using victim = await programs.startListener(port);
    await using other = await programs.startListener(port);
    await using witness = await Client.connect({ port });
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [victim.id, other.id],
      senders: 4,
    });
    await traffic.delivered(500);

    victim.kill("SIGKILL");
    await until("the victim off the list", async () => {
      const listed = await witness.list();
      return listed.every(({ id }) => id !== victim.id);
    });
    await traffic.delivered(500);
    await traffic.stop();

    const { sent, delivered, notDelivered } = await compare(
      ledgers,
      [victim, other],
    );
    // Each send that was open then, and the first behind it.
    const { "receiver-gone": gone = 0, "unknown-number": unknown = 0 } =
      notDelivered;
    assertGreater(unknown, 0);
    assertEquals(delivered, sent - gone - unknown);
  },
  { ignore: Deno.build.os === "windows" },
);

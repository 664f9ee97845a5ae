import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { Ledgers } from "../../tools/ledger.ts";
import { scenario } from "../end_to_end/scenario.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { compare } from "./compare.ts";
import { Traffic } from "./traffic.ts";

scenario(
  "when the server is killed under load every open send ends, once, and clients say so",
  async (programs) => {
    const ledgers = new Ledgers();
    // Longer than it takes until it is killed: what is open stays so.
    await using server = await programs.startServer(
      ...["--delivery-timeout", "60"],
    );
    const { port } = server;
    await using one = await programs.startListener(port);
    await using two = await programs.startListener(port);
    // Never confirms, so that a send to it is open for sure.
    using mute = await RawPeer.connect(port);
    await using asking = programs.start(
      "client",
      ...["--server", `127.0.0.1:${port}`, "send", `${mute.id}`, "hi"],
    );
    assertEquals((await mute.message()).text, "hi");
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [one.id, two.id, mute.id],
      senders: 3,
    });
    await traffic.delivered(500);

    server.kill("SIGKILL");
    await traffic.lost();
    for (const sender of traffic.senders) {
      assertEquals((await sender.closed).how, "lost");
    }
    for (const program of [one, two, asking]) {
      const { code, stderr } = await program.end();
      assertEquals(code, 3);
      assertMatch(stderr, /^parley-client: [^\n]*connection[^\n]*\n$/);
    }
    const { notDelivered } = await compare(ledgers, [one, two]);
    assertEquals(Object.keys(notDelivered), ["connection-lost"]);
    // All that were open to the mute one, at least.
    assertGreater(notDelivered["connection-lost"]!, 3 * 8 - 1);
  },
  { ignore: Deno.build.os === "windows" },
);

import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import {
  Command,
  decodePayload,
  goodbye,
  GoodbyeReason,
  send,
  Status,
  statusName,
} from "../../protocol/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { PATIENCE_MS } from "../../tools/output.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { scenario } from "../end_to_end/scenario.ts";
import { frameOf, RawPeer, sendPayload } from "../server/raw_peer.ts";
import { within } from "../server/within.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { nameOf, Traffic } from "./traffic.ts";

scenario(
  "a server that is told to quit under load ends everything once, and says goodbye to all",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer("--drain-timeout", "0.5");
    const { port } = server;
    await using one = await programs.startListener(port);
    await using two = await programs.startListener(port);
    await using frozen = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [one.id, two.id, frozen.id],
      senders: 3,
    });
    await traffic.delivered(500);
    frozen.kill("SIGSTOP");
    await standsStill(frozen.pid);
    await traffic.delivered(500);
    // Sees every answer, also one too many.
    using raw = await RawPeer.connect(port);
    const texts = [frozen.id, one.id].flatMap((to) =>
      Array.from({ length: 100 }, () => ledgers.send("raw", nameOf(to)))
    );
    await raw.write(...texts.map((text, id) => {
      const value = sendPayload(id < 100 ? frozen.id : one.id, text);
      return frameOf({ command: Command.send, id }, send, value);
    }));
    const answers = await raw.take(100);

    server.kill("SIGTERM");
    answers.push(...await raw.rest());
    const last = answers.pop()!;
    assertEquals(last.command, Command.goodbye);
    const { reason } = decodePayload(last, goodbye);
    assertEquals(reason, GoodbyeReason.shuttingDown);
    for (const { id, status } of answers) {
      const delivered = status === Status.ok;
      ledgers.settle(texts[id]!, delivered ? "delivered" : statusName(status));
    }
    await traffic.lost();
    for (const sender of traffic.senders) {
      const { how, why } = await sender.closed;
      assertEquals(how, "goodbye");
      assertMatch(why, /SIGTERM received/);
    }
    const { code, stderr } = await server.end();
    assertEquals(code, 0);
    assertMatch(stderr, /\n[\d:]+ {2}closed\n$/);
    assertEquals(stderr.match(/left \(shutdown/g)?.length, 7);
    for (const listener of [one, two]) {
      const { code, stderr } = await listener.end();
      assertEquals(code, 3);
      assertMatch(
        stderr,
        /^parley-client: Disconnected: [^\n]*SIGTERM received[^\n]*\n$/,
      );
    }
    frozen.kill("SIGCONT");
    assertEquals((await frozen.end()).code, 3);

    const { notDelivered } = await compare(ledgers, [one, two, frozen]);
    const { "shutting-down": refused, undone: _undone, ...others } =
      notDelivered;
    // What the frozen one did not confirm, at least.
    assertGreater(refused!, 3 * 8 + 100 - 1);
    assertEquals(others, {});
  },
  { ignore: Deno.build.os === "windows" },
);

fault(
  "a second signal ends a server at once that waits for a frozen receiver",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer(
      ...["--drain-timeout", "60", "--delivery-timeout", "60"],
      ...["--ping-interval", "0"],
    );
    const { port } = server;
    await using frozen = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [frozen.id],
    });
    await traffic.delivered(100);
    frozen.kill("SIGSTOP");
    await standsStill(frozen.pid);
    // Nothing more is confirmed once this one has an answer.
    await traffic.senders[0]!.time();

    server.kill("SIGTERM");
    await server.stderr.find(/shutting down: SIGTERM received/);
    server.kill("SIGTERM");
    const { signal } = await within(PATIENCE_MS, server.status);
    assertEquals(signal, "SIGTERM");
    await traffic.lost();
    frozen.kill("SIGCONT");
    const { code, stderr } = await frozen.end();
    assertEquals(code, 3);
    assertMatch(stderr, /^parley-client: Disconnected: [^\n]+\n$/);
    const { notDelivered } = await compare(ledgers, [frozen]);
    assertGreater(notDelivered["connection-lost"]!, 0);
  },
);

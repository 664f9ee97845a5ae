import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { Command } from "../../protocol/mod.ts";
import { Ledgers, type Outcome } from "../../tools/ledger.ts";
import { frameOf, RawPeer } from "../server/raw_peer.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { residentBytes } from "../../tools/process_facts.ts";
import { nameOf, Traffic } from "./traffic.ts";

const MEBIBYTE = 1024 * 1024;

/**
 * What a server's memory may grow by besides what waits for its clients: what
 * it has let go of, and not collected yet.
 */
const GARBAGE_BYTES = 64 * MEBIBYTE;

fault(
  "a receiver that never reads has its share of memory, then its senders are told, then it is dropped",
  async (programs) => {
    const ledgers = new Ledgers();
    const maxQueue = MEBIBYTE;
    await using server = await programs.startServer(
      ...["--max-queue", `${maxQueue}`, "--stall-timeout", "1"],
      // Longer than it takes until it is dropped.
      ...["--delivery-timeout", "60"],
    );
    const { port, pid } = server;
    await using listener = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [listener.id],
    });
    await traffic.delivered(100);
    using deaf = await RawPeer.connect(port);
    await using sender = await Client.connect({ port });
    const before = await residentBytes(pid);

    const ballast = "x".repeat(60_000);
    const outcomes: Outcome[] = [];
    const sends: Promise<unknown>[] = [];
    const sendOne = async () => {
      const sending = ledgers.record(
        nameOf(sender.id),
        nameOf(deaf.id),
        (text) => sender.send(deaf.id, `${text} ${ballast}`),
      ).then((outcome) => outcomes.push(outcome));
      sends.push(sending);
      // What is refused at once is answered before what is asked behind it.
      await sender.time();
    };
    while (outcomes.length === 0) await sendOne();
    // Those that were taken are open still.
    assertEquals(outcomes, ["receiver-busy"]);

    // Far more than what it may grow by.
    const more = 128 * MEBIBYTE / ballast.length;
    for (let i = 0; i < more; i++) await sendOne();
    assertLess(await residentBytes(pid) - before, maxQueue + GARBAGE_BYTES);
    await traffic.delivered(100);

    await server.stderr.find(
      new RegExp(
        `#${deaf.id} .*left \\(not-reading: nothing of what waits was read for 1 s\\)`,
      ),
    );
    await Promise.all(sends);
    await traffic.delivered(100);
    await traffic.stop();
    const { notDelivered } = await compare(ledgers, [listener]);
    const {
      "receiver-busy": busy,
      "receiver-gone": gone,
      // If the machine was so slow that it was dropped meanwhile.
      "unknown-number": _unknown,
      ...others
    } = notDelivered;
    assertGreater(busy!, 0);
    assertGreater(gone! * ballast.length, maxQueue);
    assertEquals(others, {});
  },
  { linuxOnly: true },
);

fault(
  "a client that floods the server and never reads its answers is not read from, and is dropped",
  async (programs) => {
    const ledgers = new Ledgers();
    const maxQueue = MEBIBYTE;
    await using server = await programs.startServer(
      ...["--max-queue", `${maxQueue}`, "--stall-timeout", "1"],
      // So that an answer is far longer than its question.
      ...["--name", "x".repeat(255)],
    );
    const { port, pid } = server;
    await using listener = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [listener.id],
    });
    await traffic.delivered(100);
    const before = await residentBytes(pid);

    using flooder = await RawPeer.connect(port);
    const question = frameOf({ command: Command.name });
    const questions = new Uint8Array(4096 * question.length);
    for (let at = 0; at < questions.length; at += question.length) {
      questions.set(question, at);
    }
    let accepted = 0;
    let ended = false;
    const flooding = (async () => {
      try {
        for (;;) accepted += await flooder.conn.write(questions);
      } catch {
        ended = true;
      }
    })();
    // Until others have had three rounds in which none of it was taken.
    let was = 0;
    for (let quiet = 0; quiet < 3;) {
      await traffic.delivered(200);
      quiet = accepted > 0 && accepted === was ? quiet + 1 : 0;
      was = accepted;
    }
    assert(!ended, "it was not stopped, but dropped");
    const grown = await residentBytes(pid) - before;
    assertLess(grown, maxQueue + GARBAGE_BYTES);

    await server.stderr.find(
      new RegExp(
        `#${flooder.id} .*left \\(not-reading: nothing of what waits was read for 1 s\\)`,
      ),
    );
    await flooding;
    assertEquals(accepted, was);
    await traffic.delivered(100);
    await traffic.stop();
    const { sent, delivered } = await compare(ledgers, [listener]);
    assertEquals(delivered, sent);
  },
  { linuxOnly: true },
);

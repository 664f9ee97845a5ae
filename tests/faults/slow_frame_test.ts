import { assertEquals } from "@std/assert";
import {
  Command,
  decodePayload,
  type Frame,
  goodbye,
  GoodbyeReason,
  send,
} from "../../protocol/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { frameOf, RawPeer, sendPayload } from "../server/raw_peer.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { Traffic } from "./traffic.ts";

fault(
  "two hundred clients that never finish a frame are dropped, and nobody else notices",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer("--frame-timeout", "0.5");
    const { port } = server;
    await using listener = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [listener.id],
    });
    const [witness] = traffic.senders;
    using stack = new DisposableStack();
    const connect = async () => stack.use(await RawPeer.connect(port));

    // Half a header for ever.
    const halves = await Promise.all(Array.from({ length: 100 }, connect));
    const value = sendPayload(listener.id, "x".repeat(60_000));
    const frame = frameOf({ command: Command.send }, send, value);
    for (const peer of halves) await peer.write(frame.subarray(0, 8));

    // A payload of which a byte comes now and then, and never the last.
    const drips = await Promise.all(Array.from({ length: 100 }, connect));
    const endings = [...halves, ...drips].map((peer) => lastFrame(peer));
    let dripping = true;
    const allDropped = Promise.all(endings).finally(() => dripping = false);
    allDropped.catch(() => {}); // It is awaited later.
    for (let at = 0; dripping; at++) {
      for (const peer of drips) {
        await peer.write(frame.subarray(at, at + 1)).catch(() => {});
      }
      await witness!.time();
    }
    for (const ending of await allDropped) {
      assertEquals(ending.command, Command.goodbye);
      const { reason } = decodePayload(ending, goodbye);
      assertEquals(reason, GoodbyeReason.unfinishedFrame);
    }

    await traffic.delivered(100);
    await traffic.stop();
    const { sent, delivered } = await compare(ledgers, [listener]);
    assertEquals(delivered, sent);
    server.kill("SIGTERM");
    const { stderr } = await server.end();
    const dropped = stderr.match(
      /left \(unfinished-frame: a frame was not finished within 0\.5 s\)/g,
    );
    assertEquals(dropped?.length, 200);
  },
);

/** The last frame that comes before the server closes. */
async function lastFrame(peer: RawPeer): Promise<Frame> {
  let last: Frame | undefined;
  try {
    for (;;) last = await peer.next();
  } catch (error) {
    if (last !== undefined) return last;
    throw error;
  }
}

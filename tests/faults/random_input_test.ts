import {
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import { FrameType } from "../../protocol/mod.ts";
import { until } from "../end_to_end/until.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { fault } from "./fault.ts";
import { residentBytes } from "../../tools/process_facts.ts";
import { randomVisit } from "./random_visit.ts";

/** An input is a frame, or a burst of up to 512 bytes that are none. */
const INPUTS = 200_000;
const LONGEST_VISIT = 200;
/** So many visit at the same time. */
const VISITORS = 50;
/** What a server may keep of all of them: garbage that is collected later. */
const GARBAGE_BYTES = 160 * 1024 * 1024;

const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;

fault(
  "200,000 random inputs are answered or refused, and leave nothing behind",
  async (programs) => {
    await using server = await programs.startServer();
    const { port, pid } = server;
    await using listener = await programs.startListener(port);
    await using witness = await Client.connect({ port });
    const before = await residentBytes(pid);

    let left = INPUTS;
    let visits = 0;
    const comeAndGo = async () => {
      while (left > 0) {
        const number = seed + visits++;
        const inputs = Math.min(left, 1 + number % LONGEST_VISIT);
        left -= inputs;
        await visit(port, number, inputs, listener.id);
      }
    };
    await Promise.all(Array.from({ length: VISITORS }, comeAndGo));

    const there = [listener.id, witness.id];
    await until("the two others on the list", async () => {
      const listed = await witness.list();
      return listed.length === there.length;
    });
    assertEquals((await witness.list()).map(({ id }) => id), there);
    assertEquals((await witness.send(listener.id, "hi")).delivered, true);
    const grown = await residentBytes(pid) - before;
    assertLess(grown, GARBAGE_BYTES);

    server.kill("SIGTERM");
    const { code, stderr } = await server.end();
    assertEquals(code, 0);
    assertEquals(stderr.match(/ connected \(\d/g)?.length, visits + 2);
    assertFalse(/(?!\n)\p{Cc}/u.test(stderr), "the log has control characters");
    assertFalse(stderr.includes("trouble"));
  },
  { linuxOnly: true },
);

async function visit(
  port: number,
  seed: number,
  inputs: number,
  receiver: number,
): Promise<void> {
  const { writes, answers, maybeAnswered } = randomVisit(
    seed,
    inputs,
    receiver,
  );
  using peer = await RawPeer.connectOnly(port);
  try {
    for (const bytes of writes) await peer.write(bytes);
    await peer.conn.closeWrite();
    const told = await peer.rest();
    const { length } = told.filter(({ type }) => type === FrameType.response);
    assertGreaterOrEqual(length, answers);
    assertLessOrEqual(length, answers + maybeAnswered);
  } catch (cause) {
    const what = `the visit of ${inputs} inputs with seed ${seed} failed`;
    throw new Error(`${what}: ${cause}`, { cause });
  }
}

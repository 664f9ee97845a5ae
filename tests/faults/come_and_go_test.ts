import { assertEquals } from "@std/assert";
import { Client } from "../../client/mod.ts";
import {
  Command,
  FrameType,
  goodbye,
  GoodbyeReason,
} from "../../protocol/mod.ts";
import { until } from "../end_to_end/until.ts";
import { frameOf, RawPeer } from "../server/raw_peer.ts";
import { fault } from "./fault.ts";
import { openFiles } from "../../tools/process_facts.ts";

/** How clients come and go, each way as often as the others. */
const WAYS: readonly ((port: number) => Promise<void>)[] = [
  async function withGoodbye(port) {
    using peer = await RawPeer.connect(port);
    const value = { reason: GoodbyeReason.leaving, text: "bye" };
    const { indication } = FrameType;
    const header = { type: indication, command: Command.goodbye, id: 1 };
    await peer.write(frameOf(header, goodbye, value));
    const answer = await peer.next();
    assertEquals([answer.command, answer.id], [Command.goodbye, 1]);
  },
  async function withoutGoodbye(port) {
    using _peer = await RawPeer.connect(port);
  },
  async function byReset(port) {
    // Whoever closes with something unread breaks the connection.
    using peer = await RawPeer.connectOnly(port);
    await peer.conn.read(new Uint8Array(1));
  },
  async function withoutAWord(port) {
    using _peer = await RawPeer.connectOnly(port);
  },
  async function inMidFrame(port) {
    using peer = await RawPeer.connectOnly(port);
    await peer.write(frameOf({ command: Command.time }).subarray(0, 9));
  },
];

const EACH = 400;
/** So many come at a time: a process may have 256 files open somewhere. */
const AT_A_TIME = 100;

fault(
  "two thousand clients that come and go, in five ways, leave nothing behind",
  async (programs) => {
    await using server = await programs.startServer();
    const { port, pid } = server;
    await using listener = await programs.startListener(port);
    await using witness = await Client.connect({ port });
    const before = await openFiles(pid);

    for (let i = 0; i < EACH * WAYS.length; i += AT_A_TIME) {
      const coming = Array.from(
        { length: AT_A_TIME },
        (_, j) => WAYS[(i + j) % WAYS.length]!(port),
      );
      await Promise.all(coming);
    }

    const there = [listener.id, witness.id];
    await until("the two others on the list", async () => {
      const listed = await witness.list();
      return listed.length === there.length;
    });
    assertEquals((await witness.list()).map(({ id }) => id), there);
    await until("as many open files as before", async () => {
      await witness.time();
      return await openFiles(pid) === before;
    });
    // Each of them was let in, and is gone, in the log, too.
    server.kill("SIGTERM");
    const { code, stderr } = await server.end();
    assertEquals(code, 0);
    const count = EACH * WAYS.length;
    const came = stderr.match(/ connected \(\d/g)?.length;
    assertEquals(came, count + there.length);
    assertEquals(stderr.match(/ left \((?!shutdown)/g)?.length, count);
  },
  { linuxOnly: true },
);

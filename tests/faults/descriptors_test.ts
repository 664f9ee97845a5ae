import { assertEquals, assertMatch } from "@std/assert";
import { PATIENCE_MS } from "../../tools/output.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { within } from "../server/within.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { Traffic } from "./traffic.ts";

fault(
  "a server that has run out of file descriptors serves whom it has, and lets others in when some leave",
  async (programs) => {
    const ledgers = new Ledgers();
    const few = programs.startedBy("sh", "-c", 'ulimit -n 64; exec "$@"', "sh");
    await using server = await few.startServer();
    const { port } = server;
    await using listener = await programs.startListener(port);
    await using traffic = await Traffic.start({
      port,
      ledgers,
      receivers: [listener.id],
    });

    using stack = new DisposableStack();
    const served: RawPeer[] = [];
    const arrivals: Promise<unknown>[] = [];
    for (let i = 0; i < 64; i++) {
      const peer = stack.use(await RawPeer.connectOnly(port));
      arrivals.push(peer.next().then(() => served.push(peer)));
    }
    const allServed = Promise.all(arrivals);
    allServed.catch(() => {}); // It is awaited later.
    const [line] = await server.stderr.find(/.*trouble: .*\n/);
    assertMatch(line, /no more clients .*"ulimit -n" sets/);
    // It tries again every 100 ms, without a word, and serves meanwhile.
    const startMs = performance.now();
    while (performance.now() - startMs < 500) await traffic.delivered(10);
    assertEquals(server.stderr.text.match(/trouble/g)?.length, 1);

    // Whose arrival was not served yet gets a place.
    for (const peer of served) peer.close();
    await within(PATIENCE_MS, allServed);
    await server.stderr.find(/trouble: clients are accepted again\n/);
    await traffic.delivered(100);
    await traffic.stop();
    const { sent, delivered } = await compare(ledgers, [listener]);
    assertEquals(delivered, sent);
  },
  { linuxOnly: true },
);

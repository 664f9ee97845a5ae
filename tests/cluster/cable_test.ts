import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { Cable, whyNoCable } from "../../tools/cable.ts";
import { Ledgers } from "../../tools/ledger.ts";
import type { Programs, Where } from "../../tools/programs.ts";
import { until } from "../end_to_end/until.ts";
import { compare } from "../faults/compare.ts";
import { nameOf } from "../faults/traffic.ts";
import { Stopwatch } from "../stopwatch.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";

/** A menu in a network of its own, that sends one message after the other. */
class Talker implements AsyncDisposable {
  readonly #menu;
  readonly #ledgers;
  readonly #name;

  constructor(
    programs: Programs,
    where: string,
    ledgers: Ledgers,
    name: string,
  ) {
    this.#menu = programs.start("client", "--server", where);
    this.#ledgers = ledgers;
    this.#name = name;
  }

  /** Connects. */
  async connect(): Promise<void> {
    await this.#menu.type("1\n\n\n");
    await this.#menu.stdout.find(/Connected to .* as number \d+/);
  }

  /** Sends a message, and resolves to whether it was delivered, or why not. */
  async send(to: number): Promise<string> {
    const text = this.#ledgers.send(this.#name, nameOf(to));
    await this.#menu.type(`6\n${to}\n${text}\n`);
    const [line, not] = await this.#menu.stdout.find(
      /(Not d|D)elivered to [^\n]+\n/,
    );
    const outcome = not === "D" ? "delivered" : line;
    this.#ledgers.settle(text, outcome);
    return outcome;
  }

  /** Sends so many, which are all delivered. */
  async delivers(count: number, to: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      assertEquals(await this.send(to), "delivered");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#menu[Symbol.asyncDispose]();
  }
}

/** Who is on a node's list, and what is said behind it. */
async function listOf(
  programs: Programs,
  where: Where,
): Promise<{ ids: number[]; said: string }> {
  const { stdout, stderr } = await programs.ask(where, "--json", "list");
  const entries = stdout.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const ids = entries.filter(({ self }) => self === false).map(({ id }) => id);
  return { ids, said: stderr };
}

withNats(
  "when a node is cut off both halves go on, and heal; nothing is lost unsaid, nothing comes twice",
  async (sources) => {
    const ledgers = new Ledgers();
    using cable = new Cable();
    const near = sources.startedBy(...cable.near);
    const far = sources.startedBy(...cable.far);
    await using cluster = await TestCluster.start(sources, {
      names: [],
      nats: { starter: cable.near, host: cable.nearAddress },
    });
    const [a, b] = await Promise.all([
      cluster.addBy(cable.near, "lab-a", "--host", cable.nearAddress),
      cluster.addBy(cable.far, "lab-b", "--host", cable.farAddress),
    ]);
    const whereA = `${cable.nearAddress}:${a.port}`;
    const whereB = `${cable.farAddress}:${b.port}`;
    await using onA = await near.startListener(whereA);
    await using onB = await far.startListener(whereB);
    await using talkerA = new Talker(near, whereA, ledgers, "a");
    await using talkerB = new Talker(far, whereB, ledgers, "b");
    await Promise.all([talkerA.connect(), talkerB.connect()]);
    await until(
      "all four on the list",
      async () => (await listOf(near, whereA)).ids.length === 4,
    );
    await Promise.all([
      talkerA.delivers(20, onB.id),
      talkerB.delivers(20, onA.id),
    ]);

    cable.pull();
    using sincePulled = new Stopwatch();
    // Neither is delivered, and each says so; in the other direction, too.
    const across = () =>
      Promise.all([talkerA.send(onB.id), talkerB.send(onA.id)]);
    for (const outcome of await across()) {
      assertMatch(outcome, /^Not delivered/);
    }
    assertLess(sincePulled.ms, 6_000);
    await b.stderr.find(/trouble: NATS is gone/);
    using watch = new Stopwatch();
    for (const outcome of await across()) {
      assertMatch(outcome, /^Not delivered/);
    }
    assertLess(watch.ms, 1_000);
    await Promise.all([
      talkerA.delivers(20, onA.id),
      talkerB.delivers(20, onB.id),
    ]);
    for (
      const [programs, where, own, other, name] of [
        [near, whereA, onA, onB, "lab-b"],
        [far, whereB, onB, onA, "lab-a"],
      ] as const
    ) {
      const { ids, said } = await listOf(programs, where);
      assert(ids.includes(own.id) && !ids.includes(other.id), ids.join());
      assert(said.includes(name), said);
    }

    cable.plug();
    await b.stderr.find(/trouble: NATS is back/);
    await until(
      "messages across again",
      async () => (await across()).every((outcome) => outcome === "delivered"),
    );
    await Promise.all([
      talkerA.delivers(20, onB.id),
      talkerB.delivers(20, onA.id),
    ]);
    for (const [programs, where] of [[near, whereA], [far, whereB]] as const) {
      assertEquals((await listOf(programs, where)).said, "");
    }
    await compare(ledgers, [onA, onB]);
  },
  { why: whyNoCable() },
);

import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { Ledgers } from "../../tools/ledger.ts";
import { Programs } from "../../tools/programs.ts";
import { Cable, whyNoCable } from "../../tools/cable.ts";
import { until } from "../end_to_end/until.ts";
import { Stopwatch } from "../stopwatch.ts";
import { compare } from "./compare.ts";
import { nameOf } from "./traffic.ts";

const why = whyNoCable();
if (why !== undefined) console.error(`No cable can be pulled here: ${why}`);

Deno.test({
  name: "when the cable is pulled both ends learn it, and others go on",
  ignore: why !== undefined,
  async fn() {
    const ledgers = new Ledgers();
    using cable = new Cable();
    const programs = Programs.fromSources();
    const near = programs.startedBy(...cable.near);
    const far = programs.startedBy(...cable.far);
    const times = ["--ping-interval", "0.5", "--ping-timeout", "0.5"];
    await using server = await near.startServer(
      ...["--host", cable.nearAddress, ...times],
    );
    const where = `${cable.nearAddress}:${server.port}`;
    await using lost = await far.startListener(where, ...times);
    await using beside = await near.startListener(where);
    await using menu = far.start("client", "--server", where, ...times);
    await menu.type("1\n\n\n");
    await menu.stdout.find(/Connected to .* as number 3/);
    const send = async (to: number) => {
      const text = ledgers.send("sender", nameOf(to));
      const { values } = await near.askJson(where, "send", `${to}`, text);
      const outcome = values[0]!.delivered ? "delivered" : values[0]!.reason;
      ledgers.settle(text, String(outcome));
      return outcome;
    };
    assertEquals(await send(lost.id), "delivered");
    await menu.type(`6\n${beside.id}\n${ledgers.send("menu", "client-2")}\n`);
    await menu.stdout.find(/Delivered to 2/);
    ledgers.settle("menu>client-2#1", "delivered");

    // Somebody who is there already, and so is sure to send before it is missed.
    await using neighbour = near.start("client", "--server", where);
    await neighbour.type("1\n\n\n");
    await neighbour.stdout.find(/Connected to .* as number/);

    cable.pull();
    using sincePulled = new Stopwatch();
    const text = ledgers.send("nearby", nameOf(lost.id));
    await neighbour.type(`6\n${lost.id}\n${text}\n`);
    await menu.type("6\n");
    // Whoever was heard of last goes last: either of them.
    const silent = (id: number) =>
      `(?=[^]*#${id} .*left \\(silent: nothing was heard for 1 s)`;
    await server.stderr.find(new RegExp(silent(lost.id) + silent(3)));
    // It is told one second; the others are for a machine that is busy.
    assertLess(sincePulled.ms, 3000);
    await neighbour.stdout.find(
      /Not delivered to 1: .*left before it confirmed/,
    );
    ledgers.settle(text, "receiver-gone");
    await neighbour.type("7\n");
    assertEquals((await neighbour.end()).code, 0);
    assertEquals(await send(beside.id), "delivered");
    const { values } = await near.askJson(where, "list");
    const others = values.filter(({ self }) => !self).map(({ id }) => id);
    assertEquals(others, [beside.id]);

    await menu.stdout.find(/Disconnected: .*silent for 1 s/);
    const { code, stderr } = await lost.end();
    assertEquals(code, 3);
    assertMatch(stderr, /^parley-client: Disconnected: .*silent for 1 s\n$/);

    cable.plug();
    // A kernel that has just asked in vain for the other's address says for a
    // while that there is no way to it.
    await until(
      "the server within reach",
      async () => (await far.ask(where, "time")).code === 0,
    );
    await menu.type("1\n\n\n");
    await menu.stdout.find(/Connected to .* as number/);
    await compare(ledgers, [lost, beside]);
  },
});

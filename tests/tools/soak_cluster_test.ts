import { assertEquals, assertMatch } from "@std/assert";
import { Findings } from "../../tools/soak/findings.ts";
import type { Observations } from "../../tools/soak_cluster/run_soak_cluster.ts";
import { verdicts } from "../../tools/soak_cluster/verdicts.ts";
import { whyNoNats } from "../../tools/nats.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { permissionFlags } from "../../tools/task.ts";

const why = Deno.build.os === "windows" ? "it takes signals" : whyNoNats();
if (why !== undefined) console.error(`No servers are joined here: ${why}`);

/** What is seen if nothing is wrong. */
const GOOD: Observations = {
  summary: { sent: 9, delivered: 8, notDelivered: { unreachable: 1 }, seen: 8 },
  ledgerFaults: [],
  wrong: new Findings(),
  unhealed: [],
  tried: 96,
  done: { "node killed": 1 },
};

function judged(changes: Partial<Observations>): (boolean | undefined)[] {
  return verdicts({ ...GOOD, ...changes }).map(({ holds }) => holds);
}

async function run(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...PACKAGE_FLAGS,
      ...permissionFlags("soak:cluster"),
      "tools/soak_cluster.ts",
      ...args,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("Each fault of several servers fails the verdict on it", () => {
  assertEquals(judged({}), [true, true, true]);
  assertEquals(judged({ ledgerFaults: ["x"] }), [false, true, true]);
  const wrong = new Findings();
  wrong.add("a number twice");
  assertEquals(judged({ wrong }), [true, false, true]);
  assertEquals(judged({ unhealed: ["x"] }), [true, true, false]);
});

Deno.test("Where nothing was delivered or tried, nothing is claimed", () => {
  const summary = { sent: 0, delivered: 0, notDelivered: {}, seen: 0 };
  assertEquals(judged({ summary, tried: 0 }), [undefined, true, undefined]);
});

Deno.test("The soak of several servers explains wrong usage in one line", async () => {
  for (const args of [["--nodes", "1"], ["--minute", "1"], ["1"]]) {
    const { code, stdout, stderr } = await run(...args);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertMatch(stderr, /^soak:cluster: .+\n$/);
  }
});

Deno.test({
  name: "Three seconds of trouble for two servers",
  ignore: why !== undefined,
  async fn() {
    const flags = ["--minutes", "0.05", "--nodes", "2", "--seed", "37"];
    const { code, stdout, stderr } = await run(...flags);
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
    assertEquals(stdout.match(/^✓ /gm)?.length, 3, stdout);
    assertMatch(stdout, /^[\d,]+ sends, [1-9][\d,]* delivered; /m);
    assertMatch(stdout, /node (?:killed|frozen|told to end)|NATS/);
    assertMatch(stdout, /\nAll verdicts hold \(--seed 37\)\n$/);
  },
});

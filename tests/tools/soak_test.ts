import {
  assert,
  assertEquals,
  assertFalse,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { Findings } from "../../tools/soak/findings.ts";
import { compose, isWhole } from "../../tools/soak/letters.ts";
import { memoryTable, memoryTrend } from "../../tools/soak/memory.ts";
import type { Observations } from "../../tools/soak/observations.ts";
import { Post, STRAY } from "../../tools/soak/post.ts";
import { Random } from "../../tools/soak/random.ts";
import { Report } from "../../tools/soak/report.ts";
import { verdicts } from "../../tools/soak/verdicts.ts";
import { permissionFlags } from "../../tools/task.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";

const MEBIBYTE = 1024 * 1024;
const encoder = new TextEncoder();

Deno.test("Random draws the same from the same seed, and spreads", () => {
  const draw = (seed: string) => {
    const random = new Random(seed);
    return Array.from({ length: 1000 }, () => random.below(10));
  };
  assertEquals(draw("1/a"), draw("1/a"));
  for (const seed of ["1/a", "1/b", "2/a", ""]) {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const number of draw(seed)) counts[number]!++;
    for (const count of counts) assertLess(Math.abs(count - 100), 45);
  }
  assertFalse(draw("1/a").join() === draw("1/b").join());
});

Deno.test("Random keeps to what it is asked for", () => {
  const random = new Random("7");
  const many = Array.from({ length: 2000 }, () => random.between(3, 5));
  assertEquals([...new Set(many)].toSorted(), [3, 4, 5]);
  const weighted = Array.from({ length: 2000 }, () =>
    random.pickWeighted([
      { share: 1, thing: "seldom" },
      { share: 0, thing: "never" },
      { share: 3, thing: "often" },
    ]));
  assertEquals(weighted.includes("never"), false);
  const often = weighted.filter((thing) => thing === "often").length;
  assertLess(Math.abs(often / weighted.length - 0.75), 0.05);
  const intervals = Array.from({ length: 2000 }, () => random.interval(100));
  assert(intervals.every((ms) => ms >= 0 && Number.isFinite(ms)));
  const sum = intervals.reduce((sum, ms) => sum + ms, 0);
  assertLess(Math.abs(sum / intervals.length - 100), 15);
  for (const size of [0, 1, 5, 1024]) {
    assertEquals(random.bytes(size).length, size);
  }
});

Deno.test("A letter has the size it is given, and shows any damage", () => {
  const key = "m1.2>l3.4#567";
  for (const size of [20, 30, 60, 61, 100, 1000, 16_384]) {
    const text = compose(key, size);
    assertEquals(encoder.encode(text).length, size);
    assert(isWhole(text));
    assertFalse(isWhole(text.slice(0, -1)));
    assertFalse(isWhole(`${text}!`));
    assertFalse(isWhole(text.slice(0, 18) + "\x07" + text.slice(19)));
  }
  assertEquals(compose(key, 5), key);
  assert(isWhole(key));
});

/** Two who write to each other, a third, and what is found. */
function correspondence() {
  const findings = new Findings();
  const post = new Post({ findings, takenBy: () => 0 });
  const alice = { name: "alice", number: 1, prompt: true };
  const bob = { name: "bob", number: 2, prompt: true };
  const carol = { name: "carol", number: 3, prompt: false };
  for (const one of [alice, bob, carol]) post.join(one);
  return { findings, post, alice, bob, carol };
}

Deno.test("Post recognizes letters of every size", () => {
  const { findings, post, alice, bob, carol } = correspondence();
  for (const size of [1, 1, 2, 2, 10, 100, 5000]) {
    for (const [from, to] of [[alice, bob], [bob, alice], [alice, carol]]) {
      const letter = post.write(from!, to!, size);
      assertEquals(
        encoder.encode(letter.text).length <= 2,
        to !== carol && size <= 2,
      );
      post.take(to!.name, from!.number, letter.text);
      post.settle(letter, "delivered");
    }
  }
  assertEquals(findings.first, []);
  assertEquals(post.ledgers.faults(), []);
  assertEquals(post.ledgers.summary().delivered, 21);
});

Deno.test("Post tells one tiny text from another, as long as it can come", () => {
  const { findings, post, alice, bob } = correspondence();
  const late = post.write(alice, bob, 1);
  post.settle(late, "not-confirmed");
  for (let i = 0; i < 300; i++) {
    const letter = post.write(alice, bob, 1);
    post.take("bob", 1, letter.text);
    post.settle(letter, "delivered");
    post.ledgers.forget();
  }
  post.take("bob", 1, late.text);
  assertEquals(findings.first, []);
  assertEquals(post.ledgers.faults(), [
    `${late.key} was seen behind number 301`,
  ]);
});

Deno.test("Post complains of what should not have come", () => {
  const { findings, post, alice, bob } = correspondence();
  const letter = post.write(alice, bob, 50);
  post.take("bob", 1, letter.text.slice(0, -1));
  post.take("bob", 3, letter.text);
  post.take("bob", 99, letter.text);
  post.take("bob", 1, "~");
  post.take("bob", 1, `${STRAY}and more`);
  // Only those who disturb send these.
  post.take("bob", 99, `${STRAY}and more`);
  assertEquals(findings.count, 5);
  assertStringIncludes(findings.first[0]!, "damaged");
  assertStringIncludes(findings.first[1]!, "bob got alice>bob#1 from carol");
  assertStringIncludes(findings.first[2]!, "from number 99");
  assertStringIncludes(findings.first[3]!, '"~" from number 1');
  assertStringIncludes(findings.first[4]!, "stray text from alice");
});

Deno.test("Post sees a message that comes twice, tiny or not", () => {
  for (const size of [1, 100]) {
    const { findings, post, alice, bob } = correspondence();
    const letter = post.write(alice, bob, size);
    post.take("bob", 1, letter.text);
    post.take("bob", 1, letter.text);
    post.settle(letter, "delivered");
    post.tidy();
    assertEquals(post.ledgers.faults(), ["alice>bob#1 was seen 2 times"]);
    assertEquals(findings.count, 0);
  }
});

Deno.test("Post complains of a confirmation that the server kept to itself", () => {
  for (const [takenMs, count] of [[-1000, 3], [Infinity, 0]] as const) {
    const findings = new Findings();
    const post = new Post({ findings, takenBy: () => takenMs });
    const alice = { name: "alice", number: 1, prompt: true };
    post.join(alice);
    for (const size of [1, 10, 100]) {
      for (const outcome of ["delivered", "not-confirmed"]) {
        const letter = post.write(alice, alice, size);
        post.confirm(post.take("alice", 1, letter.text));
        post.settle(letter, outcome);
      }
    }
    assertEquals(findings.count, count);
    assertEquals(post.ledgers.faults(), []);
  }
});

Deno.test("Post forgets who left some time ago", () => {
  const { findings, post, alice, bob } = correspondence();
  post.settle(post.write(alice, bob, 10), "receiver-gone");
  post.leave(bob);
  const random = new Random("1");
  for (let i = 0; i < 20; i++) assert(post.pick(random) !== bob);
  post.tidy();
  assertEquals(post.write(alice, bob, 10).key, "alice>bob#2");
  post.settle({ key: "alice>bob#2", text: "" }, "unknown-number");
  post.tidy(performance.now() + 60_000);
  post.take("alice", 2, "too late");
  assertStringIncludes(findings.first[0]!, "from number 2");
  assertEquals(post.ledgers.summary().sent, 2);
});

/** A server's memory, a look a second: a saw, and a leak on top of it. */
function memory(minutes: number, leakBytesPerSecond = 0) {
  const random = new Random("memory");
  let tooth = 0;
  return Array.from({ length: minutes * 60 }, (_, second) => {
    tooth = random.chance(0.1) ? 0 : tooth + MEBIBYTE;
    const warm = Math.min(1, second / 35);
    const rssBytes = (75 + 95 * warm) * MEBIBYTE + tooth +
      leakBytesPerSecond * second;
    return { atMs: (second + 1) * 1000, rssBytes, waitedMs: 0 };
  });
}

Deno.test("memoryTrend sees past warming up, and past a saw", () => {
  for (const minutes of [1, 3, 10, 60]) {
    const { firstBytes, secondBytes } = memoryTrend(memory(minutes))!;
    assertLess(Math.abs(secondBytes - firstBytes), 4 * MEBIBYTE);
  }
  assertEquals(memoryTrend(memory(0.75)), undefined);
  assertEquals(memoryTrend([]), undefined);
});

Deno.test("memoryTrend sees 1 KiB a connection in ten minutes", () => {
  const connectionsPerSecond = 100;
  const samples = memory(10, 1024 * connectionsPerSecond);
  const { firstBytes, secondBytes } = memoryTrend(samples)!;
  assertGreater(secondBytes - firstBytes, 18 * MEBIBYTE);
});

Deno.test("in a soak of a minute one step is no leak; two are, and what grows all the time", () => {
  /** Whether memory is flat that rises by 42 MiB at each of these seconds. */
  const isFlat = (minutes: number, ...seconds: number[]) => {
    const samples = memory(minutes).map((sample, second) => ({
      ...sample,
      rssBytes: sample.rssBytes +
        seconds.filter((at) => second >= at).length * 42 * MEBIBYTE,
    }));
    return judged({ samples }).broken.length === 0;
  };
  assertEquals([isFlat(1, 50), isFlat(1, 47, 51)], [true, false]);
  assertFalse(isFlat(10, 400));
  for (const [minutes, leak] of [[1, 4 * MEBIBYTE], [10, 150 * 1024]]) {
    const samples = memory(minutes!, leak);
    assertEquals(judged({ samples }).broken, ["Memory is flat"]);
  }
});

Deno.test("memoryTable has the least, the median and the most of each part", () => {
  const samples = [5, 1, 3, 20, 40].map((rssBytes, i) => ({
    atMs: i + 1,
    rssBytes,
  }));
  assertEquals(memoryTable(samples, 2), [
    { fromMs: 0, toMs: 2.5, min: 1, median: 3, max: 5 },
    { fromMs: 2.5, toMs: 5, min: 3, median: 20, max: 40 },
  ]);
  assertEquals(memoryTable([], 2), []);
});

function findings(...what: string[]): Findings {
  const findings = new Findings();
  for (const one of what) findings.add(one);
  return findings;
}

/** What a soak sees if nothing is wrong. */
const GOOD: Observations = {
  elapsedMs: 600_000,
  summary: {
    sent: 1000,
    delivered: 990,
    notDelivered: { "receiver-gone": 10 },
    seen: 995,
  },
  ledgerFaults: [],
  messages: findings(),
  dropped: findings(),
  wrong: findings(),
  probe: {
    answers: 6000,
    slowestMs: 80,
    gaps: [{ atMs: 7_000, ms: 180 }],
    lost: undefined,
  },
  samples: memory(10),
  before: { fds: 226, clients: 201 },
  after: { fds: 224, clients: 199 },
  list: { missing: [], extra: [] },
  log: {
    lines: 5000,
    connected: 1000,
    ended: { goodbye: 900, closed: 100 },
    trouble: findings(),
    unsound: findings(),
  },
  end: { code: 0, told: true, tookMs: 900 },
  done: { storm: 20 },
};

/** The promises that do not hold, and those of which nothing is known. */
function judged(change: Partial<Observations>) {
  const drawn = verdicts({ ...GOOD, ...change });
  const those = (wanted: boolean | undefined) =>
    drawn.filter(({ holds }) => holds === wanted).map(({ promise }) => promise);
  return { broken: those(false), unknown: those(undefined), drawn };
}

Deno.test("All verdicts hold if nothing is wrong", () => {
  const { broken, unknown, drawn } = judged({});
  assertEquals([broken, unknown], [[], []]);
  assertEquals(drawn.length, 9);
});

Deno.test("Each fault breaks the promise that it is about, and no other", () => {
  const { probe, log } = GOOD;
  const cases: [RegExp, Partial<Observations>][] = [
    [/ledgers agree/, { ledgerFaults: ["a>b#1 was seen 2 times"] }],
    [/ledgers agree/, { messages: findings("bob got something damaged") }],
    [/who behaves/, { dropped: findings("m1 was dropped: silent") }],
    [/protocol owes/, { wrong: findings("mute-7 was not dropped") }],
    [/answered/, {
      probe: { ...probe, gaps: [{ atMs: 9_000, ms: 2_500 }] },
    }],
    [/answered/, { probe: { ...probe, lost: "the connection was lost" } }],
    [/answered/, { probe: { ...probe, answers: 0, gaps: [] } }],
    [/Memory/, { samples: memory(10, 150 * 1024) }],
    [/descriptors/, { after: { fds: 227, clients: 201 } }],
    [/list/, { list: { missing: [7], extra: [] } }],
    [/list/, { list: { missing: [], extra: [8] } }],
    [/log/, { log: { ...log, trouble: findings("it failed") } }],
    [/log/, { log: { ...log, unsound: findings("Not harmless: ␛") } }],
    [/end/, { end: undefined }],
    [/end/, { end: { code: 1, told: true, tookMs: 900 } }],
    [/end/, { end: { code: 0, told: false, tookMs: 0 } }],
    [/end/, { end: { code: 0, told: true, tookMs: 9_000 } }],
  ];
  for (const [promise, change] of cases) {
    const { broken, unknown, drawn } = judged(change);
    assertEquals([broken.length, unknown.length], [1, 0]);
    assertMatch(broken[0]!, promise);
    const failed = drawn.find(({ holds }) => holds === false)!;
    assertFalse(failed.because === "");
  }
});

Deno.test("What other programs took of the processors is not held against the server", () => {
  const gap = { atMs: 10_500, ms: 3_000 };
  const probe = { ...GOOD.probe, gaps: [gap, { atMs: 20_000, ms: 1_000 }] };
  const waiting = (ms: number) =>
    GOOD.samples.map((sample) => ({
      ...sample,
      waitedMs: sample.atMs < 13_000 ? 0 : ms,
    }));
  assertEquals(judged({ probe, samples: waiting(1_500) }).broken, []);
  assertEquals(judged({ probe, samples: waiting(500) }).broken.length, 1);
  assertEquals(judged({ probe }).broken.length, 1);
});

Deno.test("Where the soak was cut short, or the server, nothing is claimed", () => {
  assertEquals(judged({ samples: memory(0.5) }).unknown, ["Memory is flat"]);
  const end = { code: 70, told: false, tookMs: 0 };
  const { broken, unknown } = judged({
    after: undefined,
    list: undefined,
    end,
  });
  assertEquals([broken.length, unknown.length], [1, 2]);
  const summary = { sent: 0, delivered: 0, notDelivered: {}, seen: 0 };
  assertEquals(judged({ summary }).unknown.length, 1);
});

Deno.test("Report keeps its columns, and has no colours where none are wanted", () => {
  const report = new Report({ coloured: false, width: Infinity });
  const progress = {
    atMs: 65_000,
    clients: 200,
    sendsPerSecond: 612.4,
    summary: GOOD.summary,
    rssBytes: 170.04 * MEBIBYTE,
    fds: 226,
    serverLoad: 0.123,
    ownLoad: 0.2,
    done: { storm: 2, deaf: 3 },
  };
  const line = report.progress(progress);
  const head = report.head();
  assertStringIncludes(
    line,
    "  1:05     200     612       990      10  170.0  226  12%  20%  ",
  );
  assertStringIncludes(line, "receiver-gone 10 | deaf 3, storm 2");
  for (const column of ["clients", "delivered", "fds", "own"]) {
    const end = head.indexOf(column) + column.length;
    assertMatch(line.slice(end - 1, end + 1), /^\S /);
  }
  const narrow = new Report({ coloured: true, width: 70 });
  // deno-lint-ignore no-control-regex -- colours begin with it
  const plain = narrow.progress(progress).replaceAll(/\x1b\[\d+m/g, "");
  assertEquals(plain, `${line.slice(0, 69)}…`);
  const verdictsOf = (change: Partial<Observations>) =>
    judged(change).drawn.flatMap((verdict) => report.verdict(verdict));
  const lines = [
    head,
    line,
    ...report.summary(GOOD),
    ...verdictsOf({ wrong: findings("mute-7 was not dropped") }),
  ];
  // deno-lint-ignore no-control-regex -- these are what must not be there
  assertFalse(/[\x00-\x1f\x7f]/.test(lines.join("")));
  assert(lines.some((line) => line.startsWith("✓ ")));
  assert(lines.includes("    mute-7 was not dropped"));
  assertEquals(lines.filter((line) => line.startsWith("✗ ")).length, 1);
  const { holds, ...rest } = judged({}).drawn[0]!;
  assertEquals(holds, true);
  assertMatch(report.verdict({ ...rest, holds: undefined })[0]!, /^\? /);
});

Deno.test("The soak explains wrong usage in one line", async () => {
  for (const args of [["--minutes", "no"], ["--minute", "1"], ["1"]]) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...PACKAGE_FLAGS,
        ...permissionFlags("soak"),
        "tools/soak.ts",
        ...args,
      ],
      stdin: "null",
    }).output();
    assertEquals(code, 2);
    assertEquals(stdout.length, 0);
    assertMatch(new TextDecoder().decode(stderr), /^soak: .+\n$/);
  }
});

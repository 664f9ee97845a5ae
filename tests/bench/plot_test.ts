import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { plot, type PlotSeries } from "../../bench/plot.ts";

const TEXTS = {
  title: "Memory",
  subtitle: "median of 3 rounds",
  xName: "connected clients",
  yName: "resident memory",
  yUnit: "MiB",
};

function draw(...series: PlotSeries[]): string {
  return plot({ ...TEXTS, series });
}

function line(name: string, ...points: [x: number, y: number][]): PlotSeries {
  return { name, points: points.map(([x, y]) => ({ x, y })) };
}

/** Where the markers are, one list a line. */
function markers(svg: string): [x: number, y: number][][] {
  const groups = svg.match(/<g class="line\d">.*?<\/g>/gs) ?? [];
  return groups.map((group) =>
    [...group.matchAll(/translate\(([-\d.]+),([-\d.]+)\)/g)]
      .map(([, x, y]) => [Number(x), Number(y)])
  );
}

/** The texts of one kind with their places. */
function texts(svg: string, kind: string) {
  const pattern = new RegExp(
    `<text class="${kind}" x="([-\\d.]+)" y="([-\\d.]+)">(.*?)</text>`,
    "g",
  );
  return [...svg.matchAll(pattern)]
    .map(([, x, y, text]) => ({ x: Number(x), y: Number(y), text: text! }));
}

function assertClose(actual: number, expected: number): void {
  assert(Math.abs(actual - expected) < 0.05, `${actual}, not ${expected}`);
}

/** That every tag is closed in turn, and nothing else looks like one. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [a-zA-Z-]+="[^"<&]*")*)(\/?)>/g,
    (_, end: string, name: string, _attributes, empty: string) => {
      if (end !== "") assertEquals(open.pop(), name);
      else if (empty === "") open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assert(!/[<>]|&(?!(amp|lt|gt|quot);)/.test(rest), rest);
}

Deno.test("a plot is well-formed, says what it shows, and runs nothing", () => {
  const svg = draw(
    line("parley", [10, 61.5], [1_000, 64], [10_000, 98.76]),
    line("nats-server", [10, 14], [1_000, 40], [10_000, 188]),
  );
  assertWellFormed(svg);
  assert(svg.startsWith("<svg xmlns="));
  assertStringIncludes(svg, 'role="img"');
  assertStringIncludes(svg, "<title>Memory</title>");
  assertStringIncludes(
    svg,
    "parley: 61.5 MiB at 10, 64 MiB at 1,000, 98.8 MiB at 10,000. " +
      "nats-server: 14 MiB at 10, 40 MiB at 1,000, 188 MiB at 10,000.",
  );
  assert(!svg.includes("<script"));
});

Deno.test("a plot has colours for a light and for a dark page", () => {
  const svg = draw(line("a", [1, 1]), line("b", [1, 1]));
  const [light, dark] = svg.split("@media (prefers-color-scheme:dark)");
  for (const rule of [".card", "text", ".line0 text", ".line1 polyline"]) {
    const [one, other] = [light, dark]
      .map((css) => css!.split("\n").findLast((at) => at.startsWith(rule)));
    assert(one !== undefined && other !== undefined && one !== other, rule);
  }
});

Deno.test("points lie where their values are: x by its power, y from 0", () => {
  const svg = draw(line("parley", [10, 0], [100, 50], [1_000, 100], [50, 25]));
  const [[ten, hundred, thousand, fifty]] = markers(svg) as [
    [number, number][],
  ];
  assertClose(hundred![0] - ten![0], thousand![0] - hundred![0]);
  assertClose(
    (fifty![0] - ten![0]) / (hundred![0] - ten![0]),
    Math.log10(5),
  );
  assertClose(ten![1] - hundred![1], hundred![1] - thousand![1]);
  assertClose(2 * (ten![1] - fifty![1]), ten![1] - hundred![1]);

  const across = texts(svg, "tick x");
  assertEquals(across.map(({ text }) => text), ["10", "100", "1,000"]);
  assertClose(across[1]!.x, hundred![0]);
  const up = texts(svg, "tick y");
  assertEquals(up.map(({ text }) => text), [
    ...["0", "20", "40", "60", "80", "100"],
  ]);
  // A tick's text stands a little below its line.
  assertClose(up[0]!.y - ten![1], up[5]!.y - thousand![1]);
});

Deno.test("the lines go through their markers", () => {
  const svg = draw(line("parley", [10, 1], [100, 3], [1_000, 2]));
  const [, path] = /<polyline points="(.*?)"/.exec(svg)!;
  assertEquals(
    path!.split(" ").map((place) => place.split(",").map(Number)),
    markers(svg)[0]!,
  );
});

Deno.test("ticks are round and have the decimals that they need", () => {
  const ticks = (most: number) =>
    texts(draw(line("a", [10, most])), "tick y").map(({ text }) => text);
  assertEquals(ticks(1.1), ["0", "0.25", "0.50", "0.75", "1.00", "1.25"]);
  assertEquals(ticks(9), ["0", "2", "4", "6", "8", "10"]);
  assertEquals(ticks(88_321), [
    ...["0", "20,000", "40,000", "60,000", "80,000", "100,000"],
  ]);
  assertEquals(ticks(0.03), ["0", "0.01", "0.02", "0.03"]);
});

Deno.test("whatever the most is, it is within the axis, and near its end", () => {
  for (let most = 0.001; most < 1e7; most *= 1.17) {
    const svg = draw(line("a", [10, 0], [100, most]));
    const [[zero, top]] = markers(svg) as [[number, number][]];
    const ticks = texts(svg, "tick y");
    const highest = ticks.at(-1)!.y - (ticks[0]!.y - zero![1]);
    assert(top![1] >= highest - 0.05, `${most} is above the axis`);
    assert(ticks.length >= 3 && ticks.length <= 6, `${ticks.length} ticks`);
    assert(zero![1] - top![1] > (zero![1] - highest) / 2, `${most} is low`);
  }
});

Deno.test("one point, equal values and zero have their places", () => {
  const one = draw(line("parley", [10, 5]));
  assertWellFormed(one);
  assertEquals(texts(one, "tick x").map(({ text }) => text), ["10", "100"]);

  const equal = markers(draw(line("a", [10, 7], [100, 7])))[0]!;
  assertEquals(equal[0]![1], equal[1]![1]);

  const zero = draw(line("a", [10, 0], [1_000, 0]));
  assert(!/NaN|Infinity/.test(zero), zero);
  assertEquals(texts(zero, "tick y").map(({ text }) => text), ["0", "1"]);
});

Deno.test("names at the lines' ends do not overlap, and keep their order", () => {
  for (const last of [0, 50, 100]) {
    const series = ["a", "b", "c", "d"]
      .map((name, i) => line(name, [10, 100], [100, last - i / 10 + 0.3]));
    const svg = draw(...series);
    const names = texts(svg, "name");
    const values = texts(svg, "value");
    assertEquals(names.map(({ text }) => text), ["a", "b", "c", "d"]);
    for (let i = 0; i < 4; i++) {
      const [name, value] = [names[i]!, values[i]!];
      assert(value.y - name.y >= 15);
      assert(i === 0 || name.y - values[i - 1]!.y >= 15, `${last}: ${name.y}`);
      assert(name.y > 60 && value.y < 390, `${last}: ${name.y} is outside`);
    }
  }
});

Deno.test("a name far from others stands at its line's end", () => {
  const svg = draw(line("a", [10, 100]), line("b", [10, 20]));
  const ends = markers(svg).map(([end]) => end![1]);
  const names = texts(svg, "name").map(({ y }) => y);
  assertClose(names[0]! - ends[0]!, names[1]! - ends[1]!);
});

Deno.test("texts are escaped", () => {
  const name = `<b a="1">&amp;`;
  const svg = plot({
    ...{ title: name, subtitle: name, xName: name, yName: name, yUnit: name },
    series: [line(name, [10, 1])],
  });
  assertWellFormed(svg);
  assertStringIncludes(svg, "&lt;b a=&quot;1&quot;&gt;&amp;amp;");
});

Deno.test("what cannot be drawn is refused", () => {
  const error = RangeError;
  assertThrows(() => draw(), error, "Expected 1 to 4 series, got 0");
  assertThrows(() => draw(...Array(5).fill(line("a", [1, 1]))), error, "got 5");
  assertThrows(() => draw(line("a")), error, "a has no points");
  for (const [x, y] of [[0, 1], [-1, 1], [1, -1], [NaN, 1], [1, Infinity]]) {
    assertThrows(() => draw(line("a", [x!, y!])), error, `got ${x}, ${y}`);
  }
});

import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  exchangePicture,
  type ExchangePictureOptions,
  type ExchangeStep,
} from "../../../lab/pictures/exchange_picture.ts";
import { malformed, vectors } from "../../protocol/vectors.ts";
import {
  assertReadable,
  assertSelfContained,
  type Element,
  elements,
  parse,
  styles,
  texts,
} from "./drawing.ts";

const PARTIES = ["client 5", "server", "client 2"];

function draw(
  steps: readonly ExchangeStep[],
  options: Partial<ExchangePictureOptions> = {},
) {
  return exchangePicture({
    title: "A title",
    parties: PARTIES,
    steps,
    language: "en",
    ...options,
  });
}

function frameOf(name: string): Uint8Array {
  const { hex } = [...vectors, ...malformed]
    .find((vector) => vector.name === name)!;
  return Uint8Array.fromHex(hex);
}

/** The arrows: from where to where they go, and how deep. */
function arrows(root: Element) {
  return [...elements(root)]
    .filter(({ attributes }) => attributes.class?.startsWith("arrow "))
    .map(({ attributes }) => {
      const [, from, y, to] = /^M([\d.]+) ([\d.]+)H([\d.]+)$/
        .exec(attributes.d!)!;
      const kind = attributes.class!.slice("arrow ".length);
      return { from: Number(from), to: Number(to), y: Number(y), kind };
    });
}

/** That no arrow goes through a text. */
function assertNothingCrossed(root: Element): void {
  for (const { from, to, y } of arrows(root)) {
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const crossed = texts(root).find((text) =>
      text.top < y && y < text.bottom && left < text.right && text.left < right
    );
    assertStrictEquals(crossed?.text, undefined);
  }
}

/** Where the parties' lines are. */
function lanes(root: Element): number[] {
  return [...elements(root)]
    .filter(({ attributes }) => attributes.class === "rule")
    .map(({ attributes }) => Number(/^M([\d.]+)/.exec(attributes.d!)![1]));
}

const STEPS: readonly ExchangeStep[] = [
  { ms: 0, from: 0, to: 1, label: "SYN" },
  { ms: 0.031, from: 1, to: 0, label: "SYN, ACK" },
  { ms: 1.2, from: 1, to: 0, frames: [frameOf("hello")], label: "PSH, ACK" },
  {
    ms: 1.9,
    from: 0,
    to: 1,
    frames: [frameOf("time request"), frameOf("send request in Chinese")],
  },
  { ms: 2.25, from: 1, to: 2, frames: [frameOf("message in Chinese")] },
  { ms: 3, from: 2, to: 2, label: "the program takes the text ".repeat(9) },
  { ms: 3.1, from: 0, to: 0, label: "程序收到文本后才确认".repeat(9) },
  { ms: 4, from: 1, to: 1, label: "" },
  { ms: 99, from: 1, to: 0, frames: [frameOf("refusal: too many unanswered")] },
  { from: 0, to: 2, label: "not by way of the server" },
  { ms: 123_456.5, from: 0, to: 1, label: "x".repeat(300) },
];

Deno.test("exchange pictures are well-formed, self-contained and readable", () => {
  for (const language of ["en", "zh"] as const) {
    for (const theme of ["light", "auto"] as const) {
      for (
        const parties of [
          PARTIES,
          ["客户端 5", "服务器", "客户端 2", "另一台主机上的另一个客户端"],
          ["M".repeat(100), "服务器".repeat(30), "i"],
        ]
      ) {
        for (const steps of [STEPS, STEPS.map(({ ms: _, ...step }) => step)]) {
          const svg = draw(steps, { language, theme, parties });
          const root = parse(svg);
          assertSelfContained(svg);
          assertReadable(root, parties[0]!);
          assertNothingCrossed(root);
        }
      }
    }
  }
});

Deno.test("every frame can stand in an exchange", () => {
  for (const { name, hex } of [...vectors, ...malformed]) {
    const frames = [Uint8Array.fromHex(hex)];
    const root = parse(draw([{ from: 0, to: 1, frames }], { language: "zh" }));
    assertReadable(root, name);
  }
});

Deno.test("arrows go from party to party, downwards, in the colour of their kind", () => {
  const root = parse(draw(STEPS));
  const [left, middle, right] = lanes(root);
  const seen = arrows(root);
  assertEquals(seen.map(({ from }) => from), [
    ...[left, middle, middle, left, middle, middle, left, left],
  ]);
  // An arrow's tip is its own element.
  assertEquals(
    seen.map(({ from, to }) => to > from ? to + 6 : to - 6),
    [middle, left, left, middle, right, left, right, middle],
  );
  assertEquals(seen.map(({ kind }) => kind), [
    ...["tcp", "tcp", "indication", "request", "indication", "response"],
    ...["tcp", "tcp"],
  ]);
  const depths = seen.map(({ y }) => y);
  assertEquals(depths, depths.toSorted((a, b) => a - b));
});

Deno.test("a step's frames stand above its arrow, its time beside it", () => {
  const root = parse(draw(STEPS.slice(0, 4)));
  const shown = texts(root);
  const [one, two] = [
    "request time, id 1, 16 bytes",
    "request send, id 9, 35 bytes",
  ]
    .map((text) => shown.find((shown) => shown.text === text));
  const arrow = arrows(root)[3]!;
  assert(one!.bottom < two!.top + 4 && two!.bottom < arrow.y);
  const time = shown.find(({ text }) => text === "1.900")!;
  assert(time.top < arrow.y && arrow.y < time.bottom);
  assert(time.right < Math.min(...lanes(root)));
});

Deno.test("times are to the microsecond, or whole where all are", () => {
  const times = (...ms: (number | undefined)[]) =>
    texts(parse(draw(ms.map((ms) => ({
      from: 0,
      to: 1,
      label: "a",
      ...ms === undefined ? {} : { ms },
    })))))
      .filter(({ classes }) => classes.includes("faint"))
      .map(({ text }) => text);
  assertEquals(times(0, 0.0314, 1234.5), ["ms", "0.000", "0.031", "1,234.500"]);
  assertEquals(times(0, undefined, 5000), ["ms", "0", "5,000"]);
  assertEquals(times(undefined, undefined), []);
});

Deno.test("of a hundred frames in one step, a few are named", () => {
  const frames = Array(100).fill(frameOf("time request"));
  const shown = texts(parse(draw([{ from: 0, to: 1, frames }])))
    .map(({ text }) => text);
  assertEquals(
    shown.filter((text) => text === "request time, id 1, 16 bytes").length,
    4,
  );
  assert(shown.includes("… 96 more frames …"));
  const five = texts(
    parse(draw([{ from: 0, to: 1, frames: frames.slice(95) }])),
  );
  assertEquals(five.filter(({ text }) => text.startsWith("request")).length, 5);
});

Deno.test("an exchange is told in words, too", () => {
  const root = parse(draw(STEPS.slice(0, 3)));
  assertEquals(root.children[0]!.text, "A title");
  assertEquals(root.children[1]!.text.split("\n"), [
    "0.000 ms client 5 → server: SYN",
    "0.031 ms server → client 5: SYN, ACK",
    "1.200 ms server → client 5: indication hello, id 0, 42 bytes; PSH, ACK",
  ]);
  const zh = parse(draw(STEPS.slice(0, 1), { language: "zh" }));
  assertStrictEquals(zh.children[1]!.text, "0 毫秒 client 5 → server：SYN");
});

Deno.test("what a frame is not is said in an exchange", () => {
  const said = (frame: Uint8Array) =>
    parse(draw([{ from: 0, to: 1, frames: [frame] }])).children[1]!.text
      .replace("client 5 → server: ", "");
  assertStrictEquals(said(frameOf("HTTP")), "no frame, 18 bytes");
  assertStrictEquals(
    said(frameOf("send request").subarray(0, 18)),
    "request send, id 9, the frame is not complete, 18 bytes",
  );
});

Deno.test("texts from elsewhere are escaped and made harmless in an exchange", () => {
  const text = `<b a="1">&amp;\x1b[2J\u202e\ud800`;
  const svg = draw([
    { from: 0, to: 1, label: text },
    { from: 1, to: 1, label: text },
  ], { title: text, parties: [text, text] });
  parse(svg);
  assertSelfContained(svg);
  for (const sign of ["\x1b", "\u202e"]) assert(!svg.includes(sign));
  assertStringIncludes(svg, "&lt;b a=&quot;1&quot;&gt;&amp;amp;␛[2J");
});

Deno.test("an exchange's style touches nothing else, and not a frame's picture", () => {
  const css = styles(parse(draw(STEPS, { theme: "auto" }))).join("");
  for (const rule of css.match(/^.*\{.*\}$/gm)!) {
    assert(rule.startsWith(".parley-exchange-auto "), rule);
  }
});

Deno.test("parties that are not there are refused", () => {
  assertThrows(
    () => draw([], { parties: ["alone"] }),
    RangeError,
    "Expected 2 to 4 parties, got 1",
  );
  assertThrows(() => draw([], { parties: [..."abcde"] }), RangeError, "got 5");
  for (const party of [-1, 3, 0.5, NaN]) {
    for (const step of [{ from: party, to: 0 }, { from: 0, to: party }]) {
      assertThrows(
        () => draw([step]),
        RangeError,
        `Expected a party from 0 to 2, got ${party}`,
      );
    }
  }
});

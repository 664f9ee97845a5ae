import type { Language } from "../language.ts";
import { FrameType } from "../../protocol/mod.ts";
import type { Ground } from "./colours.ts";
import { fieldsOf } from "./fields.ts";
import { frameSummary } from "./frame_summary.ts";
import { element, image, line, MARGIN, WIDTH } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { pictureTexts } from "./texts.ts";
import type { Theme } from "./theme.ts";
import { wrapped } from "./wrapped.ts";

/** What goes from one party to another, or happens at one. */
export interface ExchangeStep {
  /** When, in milliseconds from any beginning. Not there: no time is shown. */
  readonly ms?: number;
  /** Who sends it: a place in the exchange's `parties`, counted from 0. */
  readonly from: number;
  /** Whom it is for. The same as `from`: a note at that party. */
  readonly to: number;
  /** What it is, such as `SYN` or `FIN, ACK`, or what the note says. */
  readonly label?: string;
  /** The frames in it; a line says what each is, in the middle how many more. */
  readonly frames?: readonly Uint8Array[];
}

/** What a picture of an exchange shows. */
export interface ExchangePictureOptions {
  /** What it is about, in a few words. */
  readonly title: string;
  /** Who takes part, from left to right: two to four. */
  readonly parties: readonly string[];
  /** What happens, in order. */
  readonly steps: readonly ExchangeStep[];
  /** The language of what is said about frames. */
  readonly language: Language;
  /**
   * The ground that it stands on.
   *
   * @default {"light"}
   */
  readonly theme?: Theme;
}

/**
 * Draws who sends what to whom, and when, as an SVG image: a line down for each
 * party, and an arrow across for each step.
 *
 * @throws {RangeError} If there are not two to four parties, or a step is of a
 * party that there is not.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const svg = exchangePicture({
 *   title: "Get the server's time",
 *   parties: ["client", "server"],
 *   steps: [
 *     { ms: 0, from: 0, to: 1, label: "SYN" },
 *     {
 *       ms: 0.4,
 *       from: 0,
 *       to: 1,
 *       frames: [Uint8Array.fromHex("50590101000200000000000700000000")],
 *     },
 *   ],
 *   language: "en",
 * });
 * assertStringIncludes(svg, "request time, id 7, 16 bytes");
 * ```
 */
export function exchangePicture(options: ExchangePictureOptions): string {
  const { title, parties, steps, language, theme = "light" } = options;
  check(options);
  const texts = pictureTexts[language];
  const times = timesOf(steps);
  const lanes = lanesFor(parties.length, times !== undefined);
  const parts = [line("title", MARGIN, 32, cut(title, TITLE_SIZE, ROOM))];
  if (times !== undefined) {
    parts.push(line("small faint end", TIMES_END, HEAD.top + 18, texts.ms));
  }

  const arrows: string[] = [];
  let y = HEAD.top + HEAD.height + 6;
  steps.forEach((step, i) => {
    const drawn = step.from === step.to
      ? note(step, lanes, y)
      : arrow(step, lanes, language, y);
    arrows.push(...drawn.parts);
    const time = times?.[i];
    if (time !== undefined) {
      arrows.push(line("small faint end", TIMES_END, drawn.level + 4, time));
    }
    y = drawn.bottom;
  });

  const bottom = y + 12;
  parties.forEach((party, i) =>
    parts.push(...lifeline(party, i, lanes, bottom))
  );
  return image({
    height: bottom + 14,
    kind: "exchange",
    language,
    theme,
    title,
    description: inWords(options, times),
    rules,
  }, [...parts, ...arrows]);
}

/** The size of the title's font, and some more: it is bold. */
const TITLE_SIZE = 16;
const ROOM = WIDTH - 2 * MARGIN;
/** Where times end: nine figures have room. */
const TIMES_END = 84;
/** Where the parties' names stand. */
const HEAD = { top: 50, height: 26 };
/** How far the outer lines are from the picture's sides, or from the times. */
const INSET = 70;
const LINE_HEIGHT = 15;
/** How far a label is from the lines at its sides, at least. */
const LABEL_GAP = 6;
/** How many lines a step has for its frames, of which it may have a hundred. */
const MAX_FRAMES = 5;
/** How many lines a frame or a label may have. */
const MAX_LINES = 2;
const MAX_NOTE_WIDTH = 260;

function check({ parties, steps }: ExchangePictureOptions): void {
  if (parties.length < 2 || parties.length > 4) {
    throw new RangeError(`Expected 2 to 4 parties, got ${parties.length}`);
  }
  for (const { from, to } of steps) {
    for (const party of [from, to]) {
      if (parties[party] === undefined) {
        throw new RangeError(
          `Expected a party from 0 to ${parties.length - 1}, got ${party}`,
        );
      }
    }
  }
}

/** Where the parties' lines are, in pixels from the left. */
function lanesFor(count: number, timed: boolean): number[] {
  const left = (timed ? TIMES_END : MARGIN) + INSET;
  const right = WIDTH - MARGIN - INSET;
  return Array.from(
    { length: count },
    (_, i) => Math.round(left + i * (right - left) / (count - 1)),
  );
}

/** When each step is: to the microsecond unless all are whole milliseconds. */
function timesOf(
  steps: readonly ExchangeStep[],
): (string | undefined)[] | undefined {
  const times = steps.map(({ ms }) => ms);
  if (times.every((ms) => ms === undefined)) return undefined;
  const digits = times.every((ms) => Number.isInteger(ms ?? 0)) ? 0 : 3;
  return times.map((ms) =>
    ms?.toLocaleString("en", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
  );
}

/** What is drawn of a step. */
interface Drawn {
  readonly parts: string[];
  /** Where its arrow is, and where it ends, in pixels from the top. */
  readonly level: number;
  readonly bottom: number;
}

/** A line of a label, and what it is about. */
interface Label {
  readonly text: string;
  readonly kind: Kind;
}

type Kind = keyof Ground["packets"];

function labelsOf(
  { label, frames = [] }: ExchangeStep,
  language: Language,
): Label[] {
  const say = (frame: Uint8Array): Label => ({
    text: frameSummary(frame, language),
    kind: kindOf(frame),
  });
  const left = frames.length - MAX_FRAMES;
  const many = `… ${pictureTexts[language].moreFrames(left + 1)} …`;
  const said: readonly Label[] = left <= 0 ? frames.map(say) : [
    ...frames.slice(0, MAX_FRAMES - 2).map(say),
    { text: many, kind: "tcp" },
    say(frames.at(-1)!),
  ];
  return label === undefined
    ? [...said]
    : [...said, { text: label, kind: "tcp" }];
}

function kindOf(frame: Uint8Array): Kind {
  const value = fieldsOf(frame).find(({ key }) => key === "type")?.value;
  if (value?.kind !== "type") return "tcp";
  const kinds = Object.keys(FrameType) as (keyof typeof FrameType)[];
  return kinds.find((kind) => FrameType[kind] === value.number) ?? "tcp";
}

function arrow(
  step: ExchangeStep,
  lanes: readonly number[],
  language: Language,
  top: number,
): Drawn {
  const [from, to] = [lanes[step.from]!, lanes[step.to]!];
  const width = Math.abs(to - from) - 2 * LABEL_GAP;
  const labels = labelsOf(step, language);
  const lines = labels.flatMap(({ text, kind }) =>
    wrapped(text, 12, width, MAX_LINES).map((text) => ({ text, kind }))
  );
  const middle = (from + to) / 2;
  const crossed = Math.abs(step.from - step.to) > 1;
  const level = top + 8 + lines.length * LINE_HEIGHT;
  const kind = labels[0]?.kind ?? "tcp";
  const tip = to > from ? -1 : 1;
  const parts = lines.flatMap(({ text, kind }, i) => {
    const y = top + 15 + i * LINE_HEIGHT;
    const written = line(`${kind} middle`, middle, y, text);
    if (!crossed) return [written];
    // The label stands on the line of who is between the two.
    const room = textWidth(text, 12) + 6;
    return [
      element("rect", {
        class: "ground",
        x: middle - room / 2,
        y: y - 12,
        width: room,
        height: LINE_HEIGHT,
      }),
      written,
    ];
  });
  parts.push(
    element("path", {
      class: `arrow ${kind}`,
      d: `M${from} ${level}H${to + 6 * tip}`,
    }),
    element("path", {
      class: `tip ${kind}`,
      d: `M${to + tip} ${level}l${9 * tip} -4.5v9z`,
    }),
  );
  return { parts, level, bottom: level + 6 };
}

function note(
  { from, label = "" }: ExchangeStep,
  lanes: readonly number[],
  top: number,
): Drawn {
  const lane = lanes[from]!;
  const most = Math.min(
    MAX_NOTE_WIDTH,
    2 * (lanes[1]! - lanes[0]! - LABEL_GAP),
  );
  const texts = wrapped(label, 12, most - 16, MAX_LINES + 1);
  const width = Math.max(...texts.map((text) => textWidth(text, 12))) + 16;
  const height = texts.length * LINE_HEIGHT + 8;
  // It may not leave the picture, nor stand on the times.
  const furthest = WIDTH - MARGIN - width;
  const nearest = lanes[0]! - INSET + 8;
  const left = Math.max(nearest, Math.min(lane - width / 2, furthest));
  const y = top + 8;
  const parts = [
    element("rect", { class: "note", x: left, y, width, height, rx: 3 }),
    ...texts.map((text, i) =>
      line("middle", left + width / 2, y + 15 + i * LINE_HEIGHT, text)
    ),
  ];
  return { parts, level: y + height / 2, bottom: y + height + 4 };
}

/** A party's name, and its line down to the picture's end. */
function lifeline(
  name: string,
  index: number,
  lanes: readonly number[],
  bottom: number,
): string[] {
  const x = lanes[index]!;
  const most = Math.min(2 * INSET, lanes[1]! - lanes[0]!) - 12;
  const shown = cut(name, TITLE_SIZE - 3, most - 20);
  const width = textWidth(shown, TITLE_SIZE - 3) + 20;
  const { top, height } = HEAD;
  return [
    element("path", { class: "rule", d: `M${x} ${top + height}V${bottom}` }),
    element("rect", {
      class: "head",
      x: x - width / 2,
      y: top,
      width,
      height,
      rx: 4,
    }),
    line("strong middle", x, top + 17.5, shown),
  ];
}

/** A text as far as it fits a line. */
function cut(text: string, size: number, width: number): string {
  return wrapped(text, size, width, 1)[0]!;
}

function inWords(
  { parties, steps, language }: ExchangePictureOptions,
  times: readonly (string | undefined)[] | undefined,
): string[] {
  const texts = pictureTexts[language];
  return steps.map((step, i) => {
    const [from, to] = [parties[step.from]!, parties[step.to]!];
    const who = step.from === step.to ? from : `${from} → ${to}`;
    const what = texts.because(
      who,
      labelsOf(step, language).map(({ text }) => text).join("; "),
    );
    const time = times?.[i];
    return time === undefined ? what : `${time} ${texts.ms} ${what}`;
  });
}

function rules(ground: Ground): string[] {
  const kinds = Object.entries(ground.packets);
  return [
    `.rule{fill:none;stroke:${ground.rule};stroke-dasharray:5 4}`,
    `.head{fill:${ground.head};stroke:${ground.frame}}`,
    `.note{fill:${ground.note};stroke:${ground.rule}}`,
    `.ground{fill:${ground.card}}`,
    ".arrow{fill:none;stroke-width:1.5}",
    ".arrow.tcp{stroke-width:1}",
    ".arrow.response{stroke-dasharray:7 3}",
    ...kinds.flatMap(([kind, colour]) => [
      `text.${kind}{fill:${colour}}`,
      `.tip.${kind}{fill:${colour}}`,
      `.arrow.${kind}{stroke:${colour}}`,
    ]),
  ];
}

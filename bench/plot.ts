/** A line of a plot. */
export interface PlotSeries {
  /** Its name; there is room for about 16 characters. */
  readonly name: string;
  /** Its points, from left to right; `x` above 0, `y` not below. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** What a plot shows. */
export interface Plot {
  /** What it is about, in a few words. */
  readonly title: string;
  /** How it was found, in one line of at most 95 characters. */
  readonly subtitle: string;
  /** What stands on the horizontal axis, which is logarithmic. */
  readonly xName: string;
  /** What stands on the vertical axis, which is linear and begins at 0. */
  readonly yName: string;
  /** The unit of the vertical axis. */
  readonly yUnit: string;
  /** The lines: one at least, and no more than can be told apart, which is 4. */
  readonly series: readonly PlotSeries[];
}

/** The whole picture, in pixels. */
const SIZE = { width: 720, height: 400 };
/** Where in it the points lie, in pixels. */
const AREA = { left: 88, right: 556, top: 100, bottom: 332 };
/** How far the first and the last power of ten are from the area's sides. */
const INSET = 18;
/** How many steps the vertical axis has at most. */
const STEPS = 5;
/** How far the names at the lines' ends are apart at least, in pixels. */
const LABEL_GAP = 38;

/**
 * One look for each line: a colour that stands out on a light ground and one for
 * a dark ground, apart for colour-blind eyes too, and the marker of a point.
 */
const LOOKS = [
  {
    light: "#0060a8",
    dark: "#58b6f2",
    marker: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
  },
  { light: "#b84a00", dark: "#ffa64d", marker: "M-4.5-4.5h9v9h-9z" },
  { light: "#007a5a", dark: "#3fd0a0", marker: "M0-6L5.5 4.5h-11z" },
  { light: "#a13a78", dark: "#eb9fcb", marker: "M0-6.5L6 0L0 6.5L-6 0z" },
] as const;

/** The colours of all else. */
const LIGHT = {
  card: "#ffffff",
  border: "#d1d9e0",
  text: "#1f2328",
  faint: "#59636e",
  grid: "#e4e8ec",
  axis: "#9aa4ae",
};
const DARK: typeof LIGHT = {
  card: "#0d1117",
  border: "#3d444d",
  text: "#f0f6fc",
  faint: "#9198a1",
  grid: "#262c36",
  axis: "#656c76",
};

/**
 * Draws a plot as an SVG image: lines with a marker at each point, the name and
 * the last value at each line's end, and all values in its description.
 *
 * It follows the reader's choice of light or dark on a ground of its own, since
 * a page can be dark where the reader's system is light.
 *
 * @throws {RangeError} If there is nothing to draw, or too many lines, or a
 * point has no place on the axes.
 *
 * @example Usage
 * ```ts
 * import { assert, assertStringIncludes } from "@std/assert";
 *
 * const svg = plot({
 *   title: "Memory",
 *   subtitle: "the median of 3 rounds",
 *   xName: "connected clients",
 *   yName: "resident memory",
 *   yUnit: "MiB",
 *   series: [{
 *     name: "parley",
 *     points: [{ x: 10, y: 61.5 }, { x: 10_000, y: 98 }],
 *   }],
 * });
 * assert(svg.startsWith("<svg "));
 * assertStringIncludes(svg, "parley: 61.5 MiB at 10, 98 MiB at 10,000");
 * ```
 */
export function plot(description: Plot): string {
  const { title, subtitle, xName, yName, yUnit, series } = description;
  check(series);
  const points = series.flatMap(({ points }) => points);
  const decades = decadesOf(points.map(({ x }) => x));
  const { step, count } = stepsOf(Math.max(...points.map(({ y }) => y)));

  const [firstDecade, lastDecade] = decades;
  const perDecade = (AREA.right - AREA.left - 2 * INSET) /
    (lastDecade - firstDecade);
  const xOf = (x: number) =>
    round(AREA.left + INSET + (Math.log10(x) - firstDecade) * perDecade);
  const yOf = (y: number) =>
    round(AREA.bottom - y / (step * count) * (AREA.bottom - AREA.top));

  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" ` +
    `viewBox="0 0 ${SIZE.width} ${SIZE.height}" ` +
    `width="${SIZE.width}" height="${SIZE.height}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(inWords(description))}</desc>`,
    `<style>${style(series.length)}</style>`,
    `<rect class="card" x="0.5" y="0.5" rx="6" ` +
    `width="${SIZE.width - 1}" height="${SIZE.height - 1}"/>`,
    text("title", 24, 34, title),
    text("faint", 24, 55, subtitle),
    text("faint", 24, AREA.top - 16, `${yName}, ${yUnit}`),
  ];
  for (let i = 0; i <= count; i++) {
    const y = yOf(i * step);
    lines.push(
      `<path class="${i === 0 ? "axis" : "grid"}" ` +
        `d="M${AREA.left} ${y}H${AREA.right}"/>`,
      text("tick y", AREA.left - 8, y + 4, tick(i * step, step)),
    );
  }
  for (let decade = firstDecade; decade <= lastDecade; decade++) {
    const x = xOf(10 ** decade);
    lines.push(
      `<path class="grid" d="M${x} ${AREA.top}V${AREA.bottom}"/>`,
      text("tick x", x, AREA.bottom + 19, number(10 ** decade)),
    );
  }
  const middle = (AREA.left + AREA.right) / 2;
  lines.push(text("faint x", middle, AREA.bottom + 45, xName));

  const ends = series.map(({ points }) => yOf(points.at(-1)!.y));
  const labels = apart(ends);
  series.forEach(({ name, points }, i) => {
    const places = points.map(({ x, y }) => [xOf(x), yOf(y)] as const);
    const value = `${number(points.at(-1)!.y)} ${yUnit}`;
    lines.push(
      `<g class="line${i}">`,
      `<polyline points="${places.map((place) => place.join()).join(" ")}"/>`,
      ...places.map((place) =>
        `<path d="${LOOKS[i]!.marker}" transform="translate(${place.join()})"/>`
      ),
      text("name", AREA.right + 14, labels[i]! - 2, name),
      text("value", AREA.right + 14, labels[i]! + 15, value),
      "</g>",
    );
  });
  return [...lines, "</svg>", ""].join("\n");
}

function check(series: Plot["series"]): void {
  if (series.length === 0 || series.length > LOOKS.length) {
    throw new RangeError(
      `Expected 1 to ${LOOKS.length} series, got ${series.length}`,
    );
  }
  for (const { name, points } of series) {
    if (points.length === 0) throw new RangeError(`${name} has no points`);
    for (const { x, y } of points) {
      if (!(x > 0 && x < Infinity && y >= 0 && y < Infinity)) {
        throw new RangeError(
          `Expected a point with x above 0 and y not below, got ${x}, ${y}`,
        );
      }
    }
  }
}

/** The powers of ten that hold all figures between them: two different ones. */
function decadesOf(figures: readonly number[]): [first: number, last: number] {
  const first = Math.floor(Math.log10(Math.min(...figures)));
  const last = Math.ceil(Math.log10(Math.max(...figures)));
  return [first, Math.max(last, first + 1)];
}

/** How many steps of which round size reach from 0 to a figure or above. */
function stepsOf(figure: number): { step: number; count: number } {
  if (figure === 0) return { step: 1, count: 1 };
  const power = 10 ** Math.floor(Math.log10(figure / STEPS));
  for (const factor of [1, 2, 2.5, 5]) {
    const count = Math.ceil(figure / (factor * power));
    if (count <= STEPS) return { step: factor * power, count };
  }
  return { step: 10 * power, count: Math.ceil(figure / (10 * power)) };
}

/** Moves what is less than a gap apart to where it is not, as little as it can. */
function apart(places: readonly number[]): number[] {
  const order = places.map((_, i) => i)
    .toSorted((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let highest = AREA.top;
  for (const i of order) {
    moved[i] = Math.max(moved[i]!, highest);
    highest = moved[i]! + LABEL_GAP;
  }
  let lowest = AREA.bottom;
  for (const i of order.toReversed()) {
    moved[i] = Math.min(moved[i]!, lowest);
    lowest = moved[i]! - LABEL_GAP;
  }
  return moved;
}

function inWords({ xName, yName, yUnit, series }: Plot): string {
  const lines = series.map(({ name, points }) => {
    const values = points
      .map(({ x, y }) => `${number(y)} ${yUnit} at ${number(x)}`);
    return `${name}: ${values.join(", ")}.`;
  });
  return `${yName} against ${xName}. ${lines.join(" ")}`;
}

/** Plain rules without variables, which not every renderer of SVG knows. */
function style(count: number): string {
  const looks = LOOKS.slice(0, count);
  const colours = (ground: typeof LIGHT, kind: "light" | "dark") => [
    `.card{fill:${ground.card};stroke:${ground.border}}`,
    `text{fill:${ground.text}}`,
    `.faint,.tick{fill:${ground.faint}}`,
    `.grid{stroke:${ground.grid}}`,
    `.axis{stroke:${ground.axis}}`,
    ...looks.flatMap((look, i) => [
      `.line${i} text{fill:${look[kind]}}`,
      `.line${i} path{fill:${look[kind]};stroke:${ground.card}}`,
      `.line${i} polyline{stroke:${look[kind]}}`,
    ]),
  ];
  return [
    "",
    `text{font:13px system-ui,-apple-system,"Segoe UI",Helvetica,Arial,` +
    "sans-serif}",
    ".title{font-size:17px;font-weight:600}",
    ".tick{font-variant-numeric:tabular-nums}",
    ".x{text-anchor:middle}",
    ".y{text-anchor:end}",
    ".name{font-weight:600}",
    "polyline{fill:none;stroke-width:2;stroke-linejoin:round}",
    ...colours(LIGHT, "light"),
    "@media (prefers-color-scheme:dark){",
    ...colours(DARK, "dark"),
    "}",
    "",
  ].join("\n");
}

function text(kind: string, x: number, y: number, content: string): string {
  return `<text class="${kind}" x="${x}" y="${round(y)}">${
    escaped(content)
  }</text>`;
}

/** A figure on the vertical axis, with as many decimals as the step has. */
function tick(figure: number, step: number): string {
  if (figure === 0) return "0";
  const power = Math.floor(Math.log10(step));
  const digits = Math.max(
    0,
    Number.isInteger(step / 10 ** power) ? -power : 1 - power,
  );
  return figure.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A figure as people read it: three digits are enough. */
function number(figure: number): string {
  return figure.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** To a hundredth of a pixel. */
function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

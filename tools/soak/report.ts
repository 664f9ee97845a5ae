import { styleText } from "node:util";
import { memoryTable } from "./memory.ts";
import type { Observations } from "./observations.ts";
import type { Progress } from "./run_soak.ts";
import type { Verdict } from "./verdicts.ts";
import { clock, counts, number } from "./words.ts";

const MEBIBYTE = 1024 * 1024;
/** A table of memory has so many rows at most, and so many samples in each. */
const TABLE_ROWS = 12;
const SAMPLES_A_ROW = 5;
const BAR_WIDTH = 40;
/** The names of the columns, and how wide they are. */
const COLUMNS = [
  ["time", 6],
  ["clients", 8],
  ["sends/s", 8],
  ["delivered", 10],
  ["not", 8],
  ["MiB", 7],
  ["fds", 5],
  ["cpu", 5],
  ["own", 5],
] as const;

type Colour = Parameters<typeof styleText>[0];

/** How a report looks. */
export interface ReportOptions {
  /** Whether it has colours. */
  readonly coloured: boolean;
  /** How many characters a line of progress may have. */
  readonly width: number;
}

/** Shows a soak to people, as lines of text. */
export class Report {
  readonly #coloured: boolean;
  readonly #width: number;

  /** Makes one. */
  constructor({ coloured, width }: ReportOptions) {
    this.#coloured = coloured;
    this.#width = width;
  }

  /** What stands above the lines of progress. */
  head(): string {
    const names = COLUMNS.map(([name, width]) => name.padStart(width));
    const line = `${names.join("")}  not delivered | what was done meanwhile`;
    return this.#paint("bold", this.#cut(line, 0));
  }

  /** A line of progress. */
  progress(progress: Progress): string {
    const { summary, done } = progress;
    const { sent, delivered, notDelivered } = summary;
    const cells = [
      clock(progress.atMs),
      progress.clients,
      Math.round(progress.sendsPerSecond),
      number(delivered),
      number(sent - delivered),
      mebibytes(progress.rssBytes),
      progress.fds,
      percent(progress.serverLoad),
      percent(progress.ownLoad),
    ];
    const line = cells.map((cell, i) => String(cell).padStart(COLUMNS[i]![1]));
    const start = `${line.join("")}  `;
    const rest = `${counts(notDelivered)} | ${counts(done)}`;
    return start + this.#paint("dim", this.#cut(rest, start.length));
  }

  /** What was seen, in full. */
  summary(seen: Observations): string[] {
    const { sent, delivered, notDelivered, seen: got } = seen.summary;
    const { lines, connected, ended } = seen.log;
    return [
      this.#paint("bold", "Ledgers"),
      `  ${number(sent)} sends, ${number(delivered)} delivered; ` +
      `receivers saw ${number(got)} messages`,
      `  not delivered: ${counts(notDelivered) || "none"}`,
      this.#paint("bold", "Done to the server"),
      `  ${counts(seen.done)}`,
      this.#paint("bold", "The server's log"),
      `  ${number(lines)} lines; ${number(connected)} were let in; ` +
      `connections ended as: ${counts(ended)}`,
      this.#paint("bold", "Resident memory (least, median, most)"),
      ...memoryLines(seen),
    ];
  }

  /** A verdict, and the faults that it is drawn from. */
  verdict({ promise, holds, because, faults }: Verdict): string[] {
    const [mark, colour] = holds === undefined
      ? ["?", "yellow"] as const
      : holds
      ? ["✓", "green"] as const
      : ["✗", "red"] as const;
    return [
      `${this.#paint(colour, `${mark} ${promise}`)}: ${because}`,
      ...faults.map((fault) => `    ${fault}`),
    ];
  }

  /** Cuts what would not fit on a line behind so many characters. */
  #cut(text: string, before: number): string {
    const room = Math.max(1, this.#width - before);
    return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
  }

  #paint(colour: Colour, text: string): string {
    return this.#coloured
      ? styleText(colour, text, { validateStream: false })
      : text;
  }
}

function memoryLines({ samples }: Observations): string[] {
  const rows = Math.ceil(samples.length / SAMPLES_A_ROW);
  const table = memoryTable(samples, Math.min(TABLE_ROWS, rows));
  const most = Math.max(...table.map(({ max }) => max));
  return table.map(({ fromMs, toMs, min, median, max }) => {
    const bar = "█".repeat(Math.round(min / most * BAR_WIDTH)) +
      "▒".repeat(Math.round((max - min) / most * BAR_WIDTH));
    const values = [min, median, max]
      .map((bytes) => mebibytes(bytes).padStart(7));
    const time = `${clock(fromMs)}–${clock(toMs)}`;
    return `  ${time.padStart(11)} ${values.join("")} MiB  ${bar}`;
  });
}

function mebibytes(bytes: number): string {
  return (bytes / MEBIBYTE).toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

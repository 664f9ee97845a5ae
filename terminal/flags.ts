import { parseArgs } from "@std/cli/parse-args";
import { nearest } from "./nearest.ts";

/** A command line that makes no sense. The message says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A flag that is there or not. */
export interface SwitchFlag {
  readonly kind: "switch";
  /** What it does, for the help text. */
  readonly help: string;
}

/** A flag with a text for its value. */
export interface TextFlag {
  readonly kind: "text";
  /** What the value stands for in the help text, such as `HOST`. */
  readonly value: string;
  /** What it does, for the help text. */
  readonly help: string;
  /** The value where the flag is not given. */
  readonly default?: string;
}

/** A flag with one of a few words for its value. */
export interface ChoiceFlag {
  readonly kind: "choice";
  /** The words. */
  readonly choices: readonly string[];
  /** What it does, for the help text. */
  readonly help: string;
  /** The value where the flag is not given. */
  readonly default: string;
}

/** A flag with a number for its value. */
export interface NumberFlag {
  readonly kind: "number";
  /** What the value stands for in the help text, such as `SECONDS`. */
  readonly value: string;
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** Whether the value may have a fraction. */
  readonly fraction?: boolean;
  /** What it does, for the help text. */
  readonly help: string;
  /** The value where the flag is not given. */
  readonly default?: number;
}

/** A flag for a time, in seconds. */
export type SecondsFlag = NumberFlag & { readonly default: number };

/**
 * Makes a flag for a time that the program knows in milliseconds and people type
 * in seconds, from a tenth of one to an hour.
 */
export function secondsFlag(defaultMs: number, help: string): SecondsFlag {
  return {
    kind: "number",
    value: "SECONDS",
    fraction: true,
    min: 0.1,
    max: 3600,
    default: defaultMs / 1000,
    help,
  };
}

/** What a program can be told by one flag. */
export type Flag = SwitchFlag | TextFlag | ChoiceFlag | NumberFlag;

/** A program's flags by their names, without the dashes. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** The values of a program's flags. */
export type FlagValues<Table extends FlagTable> = {
  readonly [Name in keyof Table]: Table[Name] extends SwitchFlag ? boolean
    : Table[Name] extends NumberFlag ?
        | number
        | (Table[Name] extends { default: number } ? never : undefined)
    :
      | string
      | (Table[Name] extends { default: string } ? never : undefined);
};

/** A command line that was understood. */
export interface ParsedFlags<Table extends FlagTable> {
  /** The value of each flag. */
  readonly flags: FlagValues<Table>;
  /** What is not a flag, in order. All that follows `--` belongs here. */
  readonly words: readonly string[];
}

/**
 * Reads a command line.
 *
 * @throws {UsageError} If a flag is unknown (the nearest one is named), lacks
 * its value, or has one that it cannot have.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const table = {
 *   port: { kind: "number", value: "PORT", min: 0, max: 65535, help: "…" },
 *   json: { kind: "switch", help: "…" },
 * } as const;
 * const { flags, words } = parseFlags(["--port", "80", "time"], table);
 * assertEquals(flags, { port: 80, json: false });
 * assertEquals(words, ["time"]);
 * assertThrows(() => parseFlags(["--prot", "80"], table), UsageError, "--port");
 * ```
 */
export function parseFlags<const Table extends FlagTable>(
  args: readonly string[],
  table: Table,
): ParsedFlags<Table> {
  const entries = Object.entries(table);
  const isSwitch = ([, flag]: [string, Flag]) => flag.kind === "switch";
  const parsed = parseArgs([...args], {
    boolean: entries.filter(isSwitch).map(([name]) => name),
    string: [
      "_",
      ...entries.filter((entry) => !isSwitch(entry)).map(([name]) => name),
    ],
    unknown: (arg, key) => {
      if (key !== undefined) throw unknownFlag(arg, Object.keys(table));
    },
  });
  const flags: Record<string, unknown> = {};
  for (const [name, flag] of entries) {
    flags[name] = readFlag(name, flag, parsed[name]);
  }
  return { flags: flags as FlagValues<Table>, words: parsed._.map(String) };
}

/**
 * The part of a help text that describes the flags: a line each, in the order
 * of the table.
 */
export function describeFlags(table: FlagTable): string {
  const rows = Object.entries(table).map(([name, flag]) => {
    const standard = "default" in flag ? ` (default ${flag.default})` : "";
    return { left: `--${name}${valueOf(flag)}`, right: flag.help + standard };
  });
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows
    .map(({ left, right }) => `  ${left.padEnd(width)}  ${right}`)
    .join("\n");
}

function valueOf(flag: Flag): string {
  switch (flag.kind) {
    case "switch":
      return "";
    case "choice":
      return ` ${flag.choices.join("|")}`;
    default:
      return ` ${flag.value}`;
  }
}

function unknownFlag(arg: string, names: string[]): UsageError {
  const typed = arg.split("=")[0]!;
  const near = nearest(typed.replace(/^-+/, ""), names);
  const hint = near === undefined
    ? "--help lists those that there are."
    : `did you mean --${near}?`;
  return new UsageError(
    `Unknown flag ${typed}; ${hint} (A text that begins with a dash goes ` +
      "behind --)",
  );
}

function readFlag(
  name: string,
  flag: Flag,
  value: unknown,
): string | number | boolean | undefined {
  if (flag.kind === "switch") return value === true;
  if (value === undefined) return "default" in flag ? flag.default : undefined;
  const text = String(value);
  if (text === "") {
    throw new UsageError(`--${name} needs a value: --${name}${valueOf(flag)}`);
  }
  switch (flag.kind) {
    case "text":
      return text;
    case "choice":
      if (flag.choices.includes(text)) return text;
      throw new UsageError(
        `--${name} takes ${flag.choices.join(" or ")}, not "${text}"`,
      );
    case "number":
      return readNumber(name, flag, text);
  }
}

function readNumber(name: string, flag: NumberFlag, text: string): number {
  const pattern = flag.fraction ? /^\d+(\.\d+)?$/ : /^\d+$/;
  const value = Number(text);
  if (pattern.test(text) && value >= flag.min && value <= flag.max) {
    return value;
  }
  const kind = flag.fraction ? "a number" : "a whole number";
  throw new UsageError(
    `--${name} takes ${kind} from ${flag.min} to ${flag.max}, not "${text}"`,
  );
}

/**
 * Stands in for `@std/cli/parse-args` where JSR cannot be reached: the options
 * that Parley uses, with the same results.
 *
 * @module
 */

/** What {@linkcode parseArgs} is to know of the flags. */
export interface ParseOptions {
  /** The flags that take no value. They are `false` where they are not given. */
  readonly boolean: readonly string[];
  /**
   * The flags whose values stay text. It must contain `_`, so that the words
   * that are no flags stay text, too.
   */
  readonly string: readonly string[];
  /**
   * Called for each flag that no option names, and without `key` for each word
   * that is no flag.
   */
  readonly unknown: (arg: string, key?: string) => unknown;
}

/** The flags by their names, and what is no flag under `_`. */
export interface Args {
  /** The value of a flag. */
  [name: string]: unknown;
  /** The words that are no flags. */
  _: (string | number)[];
}

/**
 * Takes a command line apart.
 *
 * A flag is `--name`, `--name value` or `--name=value`; a value that follows does
 * not begin with `-`, and where there is none the value is `""`. What comes after
 * `--` is no flag.
 *
 * @example Usage
 * ```ts
 * import { parseArgs } from "@std/cli/parse-args";
 * import { assertEquals } from "@std/assert";
 *
 * const args = parseArgs(["list", "--server", "127.0.0.1:2203", "--json"], {
 *   boolean: ["json"],
 *   string: ["_", "server"],
 *   unknown: (_arg, key) => key === undefined,
 * });
 * assertEquals(args.json, true);
 * assertEquals(args.server, "127.0.0.1:2203");
 * assertEquals(args._.map(String), ["list"]);
 * ```
 */
export function parseArgs(args: string[], options: ParseOptions): Args {
  const result: Args = { _: [] };
  for (const name of options.boolean) result[name] = false;

  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      result._.push(...rest.splice(0));
    } else if (!/^-./s.test(arg)) {
      if (options.unknown(arg) !== false) result._.push(arg);
    } else {
      const [, name = arg[1]!, value] = LONG_FLAG.exec(arg) ?? [];
      if (!arg.startsWith("--")) {
        options.unknown(arg, name);
      } else if (options.boolean.includes(name)) {
        result[name] = (value ?? truth(rest)) !== "false";
      } else if (options.string.includes(name)) {
        result[name] = value ?? following(rest);
      } else {
        options.unknown(arg, name);
      }
    }
  }
  return result;
}

/** `--name`, with `=value` or without. */
const LONG_FLAG = /^--(.[^=]*)(?:=(.*))?$/s;

/** The value behind a flag that takes none: `true` or `false` in so many words. */
function truth(rest: string[]): string | undefined {
  return rest[0] === "true" || rest[0] === "false" ? rest.shift() : undefined;
}

/** The value behind a flag that takes one. */
function following(rest: string[]): string {
  return rest[0] && !rest[0].startsWith("-") ? rest.shift()! : "";
}

/**
 * The commands that do one thing and leave: one file a command, and the table
 * that maps its name to it.
 *
 * @module
 */

import { nearest, UsageError } from "../../terminal/mod.ts";
import { burst } from "./burst.ts";
import { list } from "./list.ts";
import { listen } from "./listen.ts";
import { name } from "./name.ts";
import { nodes } from "./nodes.ts";
import type { OneShot } from "./one_shot.ts";
import { send } from "./send.ts";
import { time } from "./time.ts";

export type { OneShot, OneShotContext } from "./one_shot.ts";

/** Each command by its name, in the order of the help text. */
export const oneShots: ReadonlyMap<string, OneShot> = new Map([
  ["time", time],
  ["name", name],
  ["list", list],
  ["nodes", nodes],
  ["send", send],
  ["listen", listen],
  ["burst", burst],
]);

/**
 * The command called `name`, if it can be given `words`.
 *
 * @throws {UsageError} If there is none, or it takes other words.
 */
export function findOneShot(name: string, words: readonly string[]): OneShot {
  const oneShot = oneShots.get(name);
  if (oneShot === undefined) {
    const near = nearest(name, oneShots.keys());
    const hint = near ? `did you mean ${near}?` : "--help lists the commands";
    throw new UsageError(`Unknown command "${name}"; ${hint}`);
  }
  if (words.length !== oneShot.words.length) {
    const usage = [name, ...oneShot.words].join(" ");
    const hint = oneShot.words.includes("TEXT")
      ? "; quote a text that has spaces"
      : "";
    throw new UsageError(
      `Expected "${usage}", got ${words.length} words behind ${name}${hint}`,
    );
  }
  oneShot.check?.(words);
  return oneShot;
}

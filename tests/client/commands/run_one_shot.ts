import { en } from "../../../client/texts/en.ts";
import type { Client } from "../../../client/mod.ts";
import {
  findOneShot,
  type OneShotContext,
} from "../../../client/commands/mod.ts";

export { en } from "../../../client/texts/en.ts";

/** What a command may be told besides its words. */
type Options = Partial<Omit<OneShotContext, "client" | "words">>;

/** What a command printed, and what the program would exit with. */
export interface Printed {
  code: number;
  lines: string[];
}

/** Runs a command as the program does, but for the connection. */
export async function runOneShot(
  client: Client,
  [name = "", ...words]: string[],
  options: Options = {},
): Promise<Printed> {
  const lines: string[] = [];
  const code = await findOneShot(name, words).run({
    client,
    words,
    texts: en,
    screen: false,
    colour: false,
    json: false,
    count: undefined,
    command: "time",
    signal: new AbortController().signal,
    write: (line) => lines.push(line),
    ...options,
  });
  return { code, lines };
}

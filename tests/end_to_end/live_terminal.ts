import { widthOf } from "../../client/prompts/layout.ts";
import { until } from "./until.ts";
import { Terminal } from "./terminal.ts";

/** What is on a terminal's screen. */
export interface Seen {
  /** All rows that have some text, those that have scrolled away too. */
  readonly lines: readonly string[];
  /** What stands before the cursor in its row. */
  readonly beforeCursor: string;
}

/** A terminal whose screen is looked at, as a person does. */
export class LiveTerminal extends Terminal {
  /** Waits until the screen is such that `holds`, and returns it. */
  async sees(
    what: string,
    holds: (seen: Seen) => boolean,
  ): Promise<Seen> {
    let seen: Seen = { lines: [], beforeCursor: "" };
    try {
      await until(what, async () => {
        seen = await this.#look();
        return holds(seen);
      });
    } catch (error) {
      const got = seen.lines.join("\n");
      throw new Error(`${(error as Error).message}, got\n${got}`);
    }
    return seen;
  }

  /** Waits until there is a line like this. */
  async seesLine(pattern: RegExp): Promise<Seen> {
    return await this.sees(
      `a line ${pattern}`,
      ({ lines }) => lines.some((line) => pattern.test(line)),
    );
  }

  /** Types text, as it is. */
  async write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    const hex = Array.from(bytes, (byte) => byte.toString(16));
    await this.type(`send-keys -H ${hex.join(" ")}\n`);
  }

  /** Makes the window wider or narrower. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.type(`refresh-client -C ${columns}x${rows}\n`);
  }

  async #look(): Promise<Seen> {
    const [cursor, ...rows] = (await this.run(
      ...["display-message", "-p", "#{history_size} #{cursor_y} #{cursor_x}"],
      ...[";", "capture-pane", "-p", "-S", "-"],
    )).split("\n");
    const [history, y, x] = cursor!.split(" ").map(Number);
    const row = rows[history! + y!] ?? "";
    const lines = rows.map((line) => line.trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return { lines, beforeCursor: cut(row, x!) };
  }
}

/** What of a row is left of a column; wide signs have two. */
function cut(row: string, column: number): string {
  let text = "";
  for (const sign of row) {
    if (widthOf(text) >= column) break;
    text += sign;
  }
  return text + " ".repeat(Math.max(0, column - widthOf(text)));
}

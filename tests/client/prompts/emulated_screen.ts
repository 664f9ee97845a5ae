import { graphemesOf, widthOf } from "../../../client/prompts/layout.ts";

/** What a terminal's width of a sign can be. */
export type WidthModel = "each code point" | "each sign";

/**
 * A terminal's screen, with just the sequences that the menu uses: what a person
 * would see.
 */
export class EmulatedScreen {
  columns: number;
  readonly rows: number;
  /** Everything that was written. */
  written = "";
  /** How often something was written. */
  writes = 0;
  cursorShown = true;
  readonly #model: WidthModel;
  /** All rows, those that have left the screen too; a wide sign has an empty cell. */
  #cells: string[][] = [[]];
  #x = 0;
  #y = 0;
  #change = Promise.withResolvers<void>();

  constructor(columns: number, rows: number, model: WidthModel) {
    this.columns = columns;
    this.rows = rows;
    this.#model = model;
  }

  /** The rows as text, up to the last that has some. */
  get lines(): string[] {
    const lines = this.#cells.map((row) =>
      Array.from(row, (cell) => cell ?? " ").join("").trimEnd()
    );
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  /** What stands before the cursor in its row. */
  get beforeCursor(): string {
    return Array.from(
      { length: this.#x },
      (_, x) => this.#cells[this.#y]![x] ?? " ",
    ).join("");
  }

  /** Which of the lines the cursor is in. */
  get cursorLine(): number {
    return this.#y;
  }

  /** Resolves when something else has been written. */
  get change(): Promise<void> {
    return this.#change.promise;
  }

  /** Resolves when `holds` does. */
  async until(holds: (screen: this) => boolean): Promise<void> {
    while (!holds(this)) await this.change;
  }

  write(text: string): void {
    this.written += text;
    this.writes++;
    // deno-lint-ignore no-control-regex -- a terminal's commands
    for (const [part] of text.matchAll(/\x1b\[[?\d;]*[A-Za-z]|[^\x1b]+/g)) {
      if (part.startsWith("\x1b")) this.#obey(part);
      else this.#print(part);
    }
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  #obey(sequence: string): void {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? 1);
    const top = Math.max(0, this.#cells.length - this.rows);
    switch (sequence.at(-1)) {
      case "A":
        this.#y = Math.max(top, this.#y - count);
        break;
      case "B":
        this.#y = Math.min(this.#cells.length - 1, this.#y + count);
        break;
      case "K":
        this.#cells[this.#y]!.length = Math.min(
          this.#cells[this.#y]!.length,
          this.#x,
        );
        break;
      case "J":
        if (this.#x === 0 && this.#y === top) {
          throw new Error("Expected not to scroll a whole screen away");
        }
        this.#cells[this.#y]!.length = Math.min(
          this.#cells[this.#y]!.length,
          this.#x,
        );
        for (const row of this.#cells.slice(this.#y + 1)) row.length = 0;
        break;
      case "h":
      case "l":
        this.cursorShown = sequence.endsWith("h");
        break;
      case "m":
        break;
      default:
        throw new Error(`Expected no ${JSON.stringify(sequence)}`);
    }
  }

  #print(text: string): void {
    for (const sign of graphemesOf(text)) {
      if (sign === "\r\n" || sign === "\r") this.#x = 0;
      if (sign === "\r\n" || sign === "\n") this.#down();
      if (sign === "\r\n" || sign === "\n" || sign === "\r") continue;
      const whole = this.#model === "each sign";
      const parts = whole ? [sign] : [...sign];
      for (const part of parts) {
        this.#put(part, whole ? Math.min(2, widthOf(part)) : widthOf(part));
      }
    }
  }

  #put(sign: string, width: number): void {
    const row = this.#cells[this.#y]!;
    if (width === 0) {
      row[this.#x - 1] === ""
        ? row[this.#x - 2] += sign
        : row[this.#x - 1] += sign;
      return;
    }
    if (this.#x + width > this.columns) {
      this.#x = 0;
      this.#down();
    }
    this.#cells[this.#y]![this.#x] = sign;
    if (width === 2) this.#cells[this.#y]![this.#x + 1] = "";
    this.#x += width;
  }

  #down(): void {
    this.#y++;
    if (this.#y === this.#cells.length) this.#cells.push([]);
  }
}

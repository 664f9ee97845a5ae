import { type Layout, layOut, type Row, withoutColours } from "./layout.ts";

/** How large a terminal is. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Where a {@linkcode Screen} draws. */
export interface ScreenOptions {
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
  /** How large the terminal is now. */
  readonly size: () => ScreenSize;
}

/** The shortest time between two drawings. */
const FRAME_MS = 16;

// deno-lint-ignore no-control-regex -- what moves the cursor begins with ESC
const CURSOR_MOVES = /^(?:\x1b\[\??\d*[A-Za-ln-z])+$/;

// deno-lint-ignore no-control-regex -- as above
const CURSOR_MOVE = /\x1b\[(\??\d*)([A-Za-z])/g;

const decoder = new TextDecoder();

/**
 * The lower end of a terminal: a prompt, and lines that are printed above it.
 *
 * A prompt of Cliffy's is given this as its writer. It knows the prompt's text and
 * the place of the cursor from what Cliffy writes, but draws both itself: Cliffy
 * takes every UTF-16 unit for a column, and knows nothing of the lines that come
 * while it waits. What changes within a frame is drawn together.
 */
export class Screen implements Disposable {
  readonly #write: (text: string) => void;
  readonly #size: () => ScreenSize;
  #prompt = "";
  #caret = 0;
  #caretHidden = false;
  #below: readonly string[] = [];
  #closed = false;
  #lines: string[] = [];
  /** What stands on the terminal, below the lines. */
  #drawn: Drawing | undefined;
  #drawnAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Which lines of the prompt are not drawn, until it is cleared. */
  leaveOut: RegExp | undefined;

  /** Makes a screen; nothing is drawn. */
  constructor({ write, size }: ScreenOptions) {
    this.#write = write;
    this.#size = size;
  }

  /** The prompt's text, without its colours. */
  get text(): string {
    return withoutColours(this.#prompt);
  }

  /** The prompt's first line, without its colours. */
  get line(): string {
    return withoutColours(this.#prompt.split("\n", 1)[0]!);
  }

  /** Where the cursor is in that line, in UTF-16 units. */
  get caret(): number {
    return this.#caret;
  }

  /** Takes what a prompt of Cliffy's writes. */
  writeSync(bytes: Uint8Array): number {
    const text = decoder.decode(bytes);
    if (!CURSOR_MOVES.test(text)) {
      // A prompt that is answered ends in a line feed, and is no prompt any more.
      this.#prompt = text.endsWith("\n") ? "" : text;
    } else {
      for (const [, count, what] of text.matchAll(CURSOR_MOVE)) {
        if (what === "J") this.#prompt = "";
        if (what === "G") this.#caret = Math.max(0, Number(count) - 1);
        if (count === "?25") this.#caretHidden = what === "l";
      }
    }
    this.#change();
    return bytes.length;
  }

  /** Prints a line above the prompt. */
  print(line: string): void {
    this.#lines.push(line);
    this.#change();
  }

  /** Puts these lines below the prompt, in the place of those that are there. */
  set below(lines: readonly string[]) {
    this.#below = lines;
    this.#change();
  }

  /** Shows a text where the prompt would be. */
  show(text: string): void {
    this.#prompt = text;
    this.#caret = 0;
    this.#caretHidden = true;
    this.#change();
  }

  /** Takes away the prompt and what is below it. */
  clear(): void {
    this.#prompt = "";
    this.#below = [];
    this.#caret = 0;
    this.#caretHidden = false;
    this.leaveOut = undefined;
    this.#change();
  }

  /** Draws what has changed, at once. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();

    const { columns, rows } = this.#size();
    const lines = this.#lines.splice(0).map((line) => `${line}\r\n`).join("");
    const next = this.#draw(columns, rows);
    const same = this.#drawn?.text === next.text &&
      this.#drawn.columns === columns;
    if (lines === "" && same) return;
    if (lines === "" && this.#drawn === undefined && this.#prompt === "") {
      return;
    }
    this.#write(this.#erase(columns) + lines + next.text);
    this.#drawn = next;
  }

  /** Leaves the lines, and nothing of the prompt. */
  [Symbol.dispose](): void {
    this.clear();
    this.flush();
    this.#closed = true;
  }

  /** Has what has changed drawn, soon. */
  #change(): void {
    if (this.#closed) return this.flush();
    this.#timer ??= setTimeout(
      () => this.flush(),
      Math.max(0, this.#drawnAt + FRAME_MS - performance.now()),
    );
  }

  #draw(columns: number, height: number): Drawing {
    const lines = this.#prompt.split("\n").filter((line) =>
      !this.leaveOut?.test(withoutColours(line))
    );
    // The last column stays free: there is room for the cursor behind a row, and
    // no terminal begins a new one by itself.
    const whole = layOut(
      [...lines, ...this.#below].join("\n"),
      this.#caret,
      Math.max(1, columns - 1),
    );
    // Of what is higher than the terminal, what is around the cursor.
    const first = Math.max(0, whole.caretRow - height + 1);
    const rows = whole.rows.slice(first, first + height);
    const { caret, caretRow } = whole;
    const layout = { rows, caret, caretRow: caretRow - first };
    const hidden = this.#caretHidden && this.#prompt !== "";
    return { ...layout, columns, text: drawingOf(layout, hidden) };
  }

  /** What takes away what is drawn, on a terminal that is `columns` wide now. */
  #erase(columns: number): string {
    if (this.#drawn === undefined) return "";
    const { rows, caretRow, caret } = this.#drawn;
    // A terminal that has become narrower has broken the rows.
    const height = (rows: readonly Row[]) =>
      rows.reduce(
        (sum, { width }) => sum + Math.max(1, Math.ceil(width / columns)),
        0,
      );
    const above = height(rows.slice(0, caretRow)) +
      Math.floor(caret.width / columns);
    // The first row for itself: what is erased from the terminal's first place on,
    // some terminals add to what has scrolled away.
    const below = height(rows) > 1 ? "\x1b[B\x1b[J\x1b[A" : "";
    return `${up(above)}\r\x1b[K${below}`;
  }
}

/** What stands on the terminal, below the lines. */
interface Drawing extends Layout {
  /** What drew it. */
  readonly text: string;
  /** How wide the terminal was. */
  readonly columns: number;
}

/** What draws rows, and puts the cursor in its place. */
function drawingOf({ rows, caretRow, caret }: Layout, hidden: boolean): string {
  const text = rows.map((row) => row.text).join("\r\n");
  const plain = text.includes("\x1b[") ? "\x1b[0m" : "";
  // What is before the cursor is printed again: that puts the cursor where this
  // terminal, and not this program, takes the end of it to be.
  const cursor = `${up(rows.length - 1 - caretRow)}\r${caret.text}`;
  return `\x1b[?25l${text}${plain}${cursor}${plain}` +
    (hidden ? "" : "\x1b[?25h");
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

/**
 * Stands in for `@cliffy/prompt` where JSR cannot be reached: the prompts and the
 * options that Parley uses, looking and behaving the same.
 *
 * @module
 */

/** Where a prompt reads keys. */
export interface PromptReader {
  /**
   * Reads some whole keys; where it resolves to 0, the prompt is drawn again, with
   * what was typed.
   */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Called around each read. */
  setRaw(mode: boolean): void;
  /** Whether to call it. */
  isTerminal(): boolean;
}

/** Where a prompt is drawn. */
export interface PromptWriter {
  /** Writes text and escape sequences. */
  writeSync(bytes: Uint8Array): number;
}

/** What all prompts are given. */
export interface PromptOptions<Value> {
  /** The question. */
  message: string;
  /** What stands before it. */
  prefix?: string;
  /** The answer where none is given. */
  default?: Value;
  /** Where keys come from. */
  reader: PromptReader;
  /** Where it is drawn. */
  writer: PromptWriter;
}

type Look = Pick<PromptOptions<unknown>, "message" | "prefix">;

/** What an {@linkcode Input} is given. */
export interface InputOptions extends PromptOptions<string> {
  /** Whether an answer will do, or what is wrong with it. */
  validate?: (answer: string) => boolean | string;
  /** What becomes of the answer. */
  transform?: (answer: string) => string;
}

/** Something that can be selected. */
export interface SelectOption<Value> {
  /** What is returned. */
  value: Value;
  /** What is shown. */
  name: string;
  /** Whether it cannot be selected. */
  disabled?: boolean;
}

/** What a {@linkcode Select} is given. */
export interface SelectOptions<Value> extends PromptOptions<Value> {
  /** What can be selected. */
  options: SelectOption<Value>[];
  /** How many are shown at once. */
  maxRows?: number;
  /** Whether the list becomes shorter while one types. */
  search?: boolean;
  /** How: options that contain what is typed remain. */
  searchMode?: "substring";
  /** What stands before the text that is searched for. */
  searchLabel?: string;
  /** What marks the selected option. */
  listPointer?: string;
  /** Not to show the default. */
  hideDefault?: boolean;
  /** The keys that move. */
  keys?: { next?: string[]; previous?: string[] };
}

/** Asks for a line of text. */
export const Input = {
  /** Shows the prompt, and resolves to the answer. */
  async prompt(options: InputOptions): Promise<string> {
    const line = new Line();
    let error: string | undefined;
    const shown = options.default === undefined
      ? ""
      : style(2, 22, ` (${options.default})`);
    const head = `${heading(options)}${shown} ${POINTER} `;
    return await run(options, {
      draw: () => ({
        content: [
          head + underline(line.text),
          error && style(31, 39, `${style(1, 22, "✘ ")}${error}`),
        ],
        caret: withoutColours(head).length + line.caret,
      }),
      press(key) {
        error = undefined;
        if (key !== "\r") return void line.press(key);
        if (line.text === "" && options.default !== undefined) {
          return { value: options.default };
        }
        const valid = options.validate?.(line.text) ?? true;
        if (valid === true) {
          return { value: options.transform?.(line.text) ?? line.text.trim() };
        }
        error = valid === false ? "Invalid answer." : valid;
      },
      done: (answer) => `${head}${style(32, 39, answer)}`,
    });
  },
};

/** Lets one select from a list. */
export const Select = {
  /** Shows the prompt, and resolves to the value that was selected. */
  async prompt<Value>(options: SelectOptions<Value>): Promise<Value> {
    const { options: all, search = false, maxRows = 10 } = options;
    const pointer = options.listPointer ?? style(94, 39, "❯");
    const line = new Line();
    const head = `${heading(options)} ${options.searchLabel ?? "🔎"} `;
    let found = all;
    let selected = all.findIndex((it) => it.value === options.default);
    if (selected < 0) selected = all.findIndex(({ disabled }) => !disabled);
    let first = 0;

    /** Where an option has what is searched for; not found is -1. */
    const indexIn = ({ value, name }: SelectOption<Value>) => {
      const places = [String(value), withoutColours(name)]
        .map((text) => text.toLowerCase().indexOf(line.text.toLowerCase()))
        .filter((index) => index >= 0);
      return places.length === 0 ? -1 : Math.min(...places);
    };
    const move = (step: number) => {
      if (found.every(({ disabled }) => disabled)) return;
      // Beside the list, at -1, is the text that is searched for.
      const beside = line.text === "" ? 0 : 1;
      const places = found.length + beside;
      do selected = (selected + beside + step + places) % places -
        beside; while (
        found[selected]?.disabled
      );
    };
    const item = (it: SelectOption<Value>) => {
      const marked = it === found[selected];
      const at = it.name.toLowerCase().indexOf(
        line.text.toLowerCase(),
      );
      const to = at + line.text.length;
      const rest = (text: string) =>
        marked || text === "" ? text : style(2, 22, text);
      const name = line.text === "" || at < 0
        ? rest(it.name)
        : rest(it.name.slice(0, at)) + style(94, 39, it.name.slice(at, to)) +
          rest(it.name.slice(to));
      return `${marked ? pointer : " "} ${name}`;
    };
    return await run(options, {
      draw() {
        first = Math.max(
          Math.min(first, selected, found.length - maxRows),
          selected - maxRows + 1,
          0,
        );
        const list = found.slice(first, first + maxRows).map(item);
        if (list.length === 0) list.push(style(2, 22, "  No matches..."));
        const top = search ? head + underline(line.text) : heading(options);
        return {
          content: [top, ...list],
          caret: search ? withoutColours(head).length + line.caret : undefined,
        };
      },
      press(key) {
        if (key === "\x1b[A") move(-1);
        else if (key === "\x1b[B") move(1);
        else if (key === "\x1b[5~" || key === "\x1b[6~") {
          const page = key === "\x1b[5~" ? -maxRows : maxRows;
          selected = Math.max(0, Math.min(found.length - 1, selected + page));
          if (found[selected]?.disabled) move(1);
        } else if (key === "\r") {
          const option = found[selected];
          if (selected < 0) move(1);
          if (option && !option.disabled) return { value: option.value };
        } else if (search && line.press(key)) {
          found = all.filter((it) => indexIn(it) >= 0);
          if (line.text !== "") {
            found.sort((a, b) => indexIn(a) - indexIn(b));
          }
          selected = Math.max(0, Math.min(selected, found.length - 1));
        }
      },
      done(value) {
        const option = all.find((it) => it.value === value)!;
        return `${heading(options)} ${POINTER} ${style(32, 39, option.name)}`;
      },
    });
  },
};

/** A prompt's own part. */
interface Prompt<Value> {
  /** Its lines, without those that are not there, and the caret in the first, if it is shown. */
  draw(): { content: (string | undefined)[]; caret: number | undefined };
  /** Takes a key, and returns the value if that has answered the prompt. */
  press(key: string): { value: Value } | void;
  /** The line that remains of it. */
  done(value: Value): string;
}

/** A line that is being typed. As in Cliffy, the caret goes by UTF-16 units. */
class Line {
  text = "";
  caret = 0;

  /** Takes a key; returns whether that has changed the text. */
  press(key: string): boolean {
    const { text, caret } = this;
    if (key === "\x1b[D") this.caret = Math.max(0, caret - 1);
    else if (key === "\x1b[C") this.caret = Math.min(text.length, caret + 1);
    else if (key === "\x1b[3~") {
      this.text = text.slice(0, caret) + text.slice(caret + 1);
    } else if (key === "\x7f" && caret > 0) {
      this.caret = caret - 1;
      this.text = text.slice(0, caret - 1) + text.slice(caret);
    } else if (key >= " " && key !== "\x7f") {
      this.text = text.slice(0, caret) + key + text.slice(caret);
      this.caret += key.length;
    }
    return this.text !== text;
  }
}

// deno-lint-ignore no-control-regex -- some keys begin with ESC
const KEYS = /\x1b\[\d?[A-Z~]|[^]/gu;

/** How many bytes of keys are read at once. */
const READ_BYTES = 8;

async function run<Value>(
  { reader, writer }: PromptOptions<Value>,
  prompt: Prompt<Value>,
): Promise<Value> {
  const encoder = new TextEncoder();
  const write = (text: string) => writer.writeSync(encoder.encode(text));
  let answer: { value: Value } | void = undefined;
  try {
    for (;;) {
      const { content, caret } = prompt.draw();
      const lines = content.filter((line) => line !== undefined);
      write(lines.join("\n"));
      if (lines.length > 1) write(`\x1b[${lines.length - 1}A`);
      write(`\x1b[${caret === undefined ? 0 : caret + 1}G`);
      if (caret === undefined) write("\x1b[?25l");

      const buffer = new Uint8Array(READ_BYTES);
      if (reader.isTerminal()) reader.setRaw(true);
      const count = await reader.read(buffer);
      if (reader.isTerminal()) reader.setRaw(false);
      if (count === null) throw new Error("The input has come to its end");
      const keys = new TextDecoder().decode(buffer.subarray(0, count));
      for (const [key] of keys.matchAll(KEYS)) answer = prompt.press(key);
      write("\x1b[G\x1b[0J");
      if (answer) {
        write(`${prompt.done(answer.value)}\n`);
        return answer.value;
      }
    }
  } finally {
    write("\x1b[?25h");
  }
}

// deno-lint-ignore no-control-regex -- colours begin with ESC
const COLOUR = /\x1b\[[\d;]*m/g;

const POINTER = style(94, 39, "›");

function heading({ prefix, message }: Look): string {
  return (prefix ?? style(33, 39, "? ")) + style(1, 22, message);
}

function underline(text: string): string {
  return style(4, 24, text);
}

/** Colours a text, except where the user has set NO_COLOR. */
function style(on: number, off: number, text: string): string {
  return Deno.noColor ? text : `\x1b[${on}m${text}\x1b[${off}m`;
}

function withoutColours(text: string): string {
  return text.replace(COLOUR, "");
}

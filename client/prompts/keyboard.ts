/** A key that does something, by its name, or a character. */
export type Key =
  | { readonly name: KeyName }
  | { readonly character: string };

/** The keys that mean something in a prompt. */
export type KeyName =
  | "up"
  | "down"
  | "left"
  | "right"
  | "wordLeft"
  | "wordRight"
  | "home"
  | "end"
  | "pageUp"
  | "pageDown"
  | "enter"
  | "backspace"
  | "delete"
  | "deleteWord"
  | "deleteLine"
  | "endOfInput";

/** The end of a cursor key's sequence. */
const CURSOR_KEYS: Readonly<Record<string, KeyName>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  "1~": "home",
  "3~": "delete",
  "4~": "end",
  "5~": "pageUp",
  "6~": "pageDown",
  "7~": "home",
  "8~": "end",
};

/** What a cursor key becomes with Ctrl or Alt. */
const WITH_MODIFIER: Readonly<Partial<Record<KeyName, KeyName>>> = {
  left: "wordLeft",
  right: "wordRight",
};

/** Control characters, as terminals send and shells use them. */
const CONTROL_KEYS: Readonly<Record<string, KeyName>> = {
  "\x01": "home",
  "\x02": "left",
  "\x04": "endOfInput",
  "\x05": "end",
  "\x06": "right",
  "\x08": "backspace",
  "\n": "enter",
  "\r": "enter",
  "\r\n": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x15": "deleteLine",
  "\x17": "deleteWord",
  "\x7f": "backspace",
  "\x1bb": "wordLeft",
  "\x1bf": "wordRight",
  "\x1b\x7f": "deleteWord",
};

const INTERRUPT = "\x03";

// deno-lint-ignore no-control-regex -- keys are control characters
const SEQUENCE = /\x1b+(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\x1b[O])|\r\n|[^\x1b]/gu;

// deno-lint-ignore no-control-regex -- as above
const UNFINISHED = /\x1b+(?:\[[0-?]*[ -/]*|O)?$/;

// deno-lint-ignore no-control-regex -- as above
const CURSOR_SEQUENCE = /^\x1b+[[O](?:(\d+)(?:;(\d+))?)?([A-Z~])$/;

/** How long the rest of a key's sequence may take. */
const SEQUENCE_MS = 50;

/** What a {@linkcode Keyboard} reads from, such as `Deno.stdin`. */
export interface KeyboardInput {
  /** Reads some bytes; `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Whether keys come one by one, and are not echoed. */
  setRaw(mode: boolean): void;
}

/**
 * The keys that are pressed at a terminal, one by one. From the first call of
 * {@linkcode Keyboard.open} on everything that is typed is read, whether or not
 * somebody asks for it, so that Ctrl-C is heard at any time.
 */
export class Keyboard implements Disposable {
  readonly #input: KeyboardInput;
  readonly #onInterrupt: () => void;
  #keys: Key[] = [];
  #more = Promise.withResolvers<void>();
  #ended = false;
  #state: "new" | "open" | "closed" = "new";

  /** Makes a keyboard; nothing is read. `onInterrupt` is called on Ctrl-C. */
  constructor(input: KeyboardInput, onInterrupt: () => void) {
    this.#input = input;
    this.#onInterrupt = onInterrupt;
  }

  /** Begins to read, if that has not begun. */
  open(): void {
    if (this.#state !== "new") return;
    this.#state = "open";
    this.#input.setRaw(true);
    this.#read();
  }

  /** The next key, if it has been pressed. */
  take(): Key | undefined {
    return this.#keys.shift();
  }

  /** Whether there will be no more keys than have been pressed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves when another key has been pressed. */
  get more(): Promise<void> {
    return this.#more.promise;
  }

  /** Forgets the keys that nobody has taken. */
  discard(): void {
    this.#keys = [];
  }

  /** Reads no more; the terminal is as it was. */
  [Symbol.dispose](): void {
    if (this.#state === "open") this.#input.setRaw(false);
    this.#state = "closed";
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(4096);
    const decoder = new TextDecoder();
    let pending = "";
    let pendingSince = 0;
    for (;;) {
      const count = await this.#input.read(buffer).catch(() => null);
      if (this.#state === "closed") return;
      if (count === null) {
        this.#ended = true;
        return this.#press([]);
      }

      const now = performance.now();
      // What has stayed alone was the Escape key.
      if (now - pendingSince > SEQUENCE_MS) pending = "";
      let text = pending +
        decoder.decode(buffer.subarray(0, count), { stream: true });
      pending = UNFINISHED.exec(text)?.[0] ?? "";
      pendingSince = now;
      text = text.slice(0, text.length - pending.length);

      const interrupted = text.includes(INTERRUPT);
      this.#press(parseKeys(text));
      if (interrupted) this.#onInterrupt();
    }
  }

  #press(keys: Key[]): void {
    this.#keys.push(...keys);
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }
}

/** The keys that a terminal sends as `text`. What means nothing is left out. */
export function parseKeys(text: string): Key[] {
  const keys: Key[] = [];
  for (const [sequence] of text.matchAll(SEQUENCE)) {
    const name = CONTROL_KEYS[sequence] ?? cursorKey(sequence);
    if (name !== undefined) keys.push({ name });
    else if (sequence === "\t") keys.push({ character: " " });
    else if (sequence >= " ") keys.push({ character: sequence });
  }
  return keys;
}

function cursorKey(sequence: string): KeyName | undefined {
  const [, number = "", modifier, end] = CURSOR_SEQUENCE.exec(sequence) ?? [];
  if (end === undefined) return undefined;
  const name = CURSOR_KEYS[end === "~" ? `${number}~` : end];
  if (name === undefined || modifier === undefined) return name;
  return WITH_MODIFIER[name] ?? name;
}

/** The program was told to stop by a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  /** What a program that obeys exits with: 128 and the signal's number. */
  readonly exitCode: number;

  /** Makes the error for one of the signals that {@linkcode Interrupt} hears. */
  constructor(signal: Deno.Signal) {
    super(`${signal} received`);
    this.exitCode = signal === "SIGTERM" ? 143 : 130;
  }
}

/** Windows has no SIGTERM; Ctrl-Break is the nearest. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Listens for Ctrl-C and for being told to end, once: the first signal aborts
 * {@linkcode Interrupt.signal}, so that the program can end in good order; a
 * second one ends it as signals do.
 */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = SIGNALS.map((name) => ({
    name,
    listener: () => {
      this[Symbol.dispose]();
      this.#controller.abort(new Interrupted(name));
    },
  }));

  /** Begins to listen. */
  constructor() {
    for (const { name, listener } of this.#listeners) {
      Deno.addSignalListener(name, listener);
    }
  }

  /** Aborted by the first signal; the reason is an {@linkcode Interrupted}. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listens no longer. */
  [Symbol.dispose](): void {
    for (const { name, listener } of this.#listeners.splice(0)) {
      Deno.removeSignalListener(name, listener);
    }
  }
}

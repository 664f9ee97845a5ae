import { writeText } from "../terminal/mod.ts";
import type { Result } from "./run_experiments.ts";

/** How often the time is drawn anew, in milliseconds. */
const DRAW_MS = 1_000;

/**
 * Tells on standard output how the lab goes: a line an experiment, with its time.
 * On a terminal the line of the one that runs counts the seconds.
 */
export class Progress {
  readonly #drawn: boolean;

  /** Draws on a terminal, and writes whole lines elsewhere. */
  constructor(drawn: boolean) {
    this.#drawn = drawn;
  }

  /** Tells that something runs, until what this returns is disposed of. */
  running(title: string): Disposable {
    if (!this.#drawn) return { [Symbol.dispose]() {} };
    const startMs = performance.now();
    const draw = () => {
      const seconds = Math.floor((performance.now() - startMs) / 1000);
      writeText(`\r… ${title}  ${seconds} s`);
    };
    draw();
    const timer = setInterval(draw, DRAW_MS);
    return {
      [Symbol.dispose]() {
        clearInterval(timer);
        writeText("\r\x1b[K");
      },
    };
  }

  /** Tells what became of an experiment. */
  done(title: string, { outcome, ms }: Result): void {
    const time = `${(ms / 1000).toFixed(1)} s`;
    writeText(`${this.#summary(outcome)}  ${title}  (${time})\n`);
  }

  #summary(outcome: Result["outcome"]): string {
    switch (outcome.kind) {
      case "observed": {
        const { findings } = outcome;
        const held = findings.filter(({ holds }) => holds).length;
        const mark = held === findings.length ? "✓" : "✗";
        return `${mark} ${held} of ${findings.length} claims hold`;
      }
      case "not-run":
        return "– not run here, the report says why";
      case "failed":
        return `✗ broke off: ${outcome.message}`;
    }
  }
}

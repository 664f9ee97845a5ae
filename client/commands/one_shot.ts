import type { Client } from "../client.ts";
import type { Closing } from "../closing.ts";
import type { Texts } from "../texts/mod.ts";

/** What a command is given to work with. */
export interface OneShotContext {
  /** The connection. */
  readonly client: Client;
  /** The words behind the command's name. */
  readonly words: readonly string[];
  /** The texts for people. */
  readonly texts: Texts;
  /** Whether the output is a terminal's screen. */
  readonly screen: boolean;
  /** Whether a screen has colours. */
  readonly colour: boolean;
  /** Whether programs read the output: one JSON object a line. */
  readonly json: boolean;
  /** `--count`, if it was given. */
  readonly count: number | undefined;
  /** `--command`: what *burst* asks for. */
  readonly command: "time" | "name";
  /** `--reconnect`: makes another connection when one was closed. */
  readonly reconnect?: (closing: Closing) => Promise<Client>;
  /** Aborted when the program is asked to stop. */
  readonly signal: AbortSignal;
  /** Writes a line of the result; when it returns the line is written. */
  readonly write: (line: string) => void;
}

/** A command that does one thing and leaves. */
export interface OneShot {
  /** The words that it takes, as the help text shows them. */
  readonly words: readonly string[];
  /** What it does, for the help text. */
  readonly help: string;
  /**
   * Complains about words that make no sense, before there is a connection.
   *
   * @throws {UsageError} If they do not.
   */
  check?(words: readonly string[]): void;
  /** Does it, and returns the exit code: 0, or 1 for a no. */
  run(context: OneShotContext): Promise<number>;
}

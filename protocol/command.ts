/**
 * What a frame is about: the header's command field.
 *
 * @see SPEC.md, "Commands"
 */
export const Command = {
  /** Indication, the first frame that a server sends. */
  hello: 1,
  /** Request: the server's current time. */
  time: 2,
  /** Request: the name of the server's machine. */
  name: 3,
  /** Request: a page of the clients that are connected. */
  list: 4,
  /** Request: pass a text on to another client. */
  send: 5,
  /** Indication that carries the text on; its response confirms it. */
  message: 6,
  /** Indication of either side: are you there? Its response says yes. */
  ping: 7,
  /** Indication of either side: I am leaving, and why. */
  goodbye: 8,
  /** Indication: what was wrong with the bytes; the stream closes next. */
  error: 9,
  /** Request: here is the token that the server's hello wants. */
  authenticate: 10,
  /** Request: the servers that act as one with this one. */
  nodes: 11,
} as const;

/** One of the numbers of {@linkcode Command}. */
export type Command = typeof Command[keyof typeof Command];

const names = new Map<number, string>(
  Object.entries(Command).map(([name, number]) => [number, name]),
);

/**
 * A command's name for people and logs; `command 77` for a number that this
 * version does not know.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(commandName(Command.time), "time");
 * assertEquals(commandName(77), "command 77");
 * ```
 */
export function commandName(command: number): string {
  return names.get(command) ?? `command ${command}`;
}

/**
 * How a request, a message or a ping was answered: the header's status field.
 * Everything but `ok` refuses, and then the payload is a sentence for people.
 *
 * @see SPEC.md, "Statuses"
 */
export const Status = {
  /** Done. For *send*: the receiver has confirmed the message. */
  ok: 0,
  /** The command is not one that can be asked for. */
  unknownCommand: 1,
  /** The payload does not fit the command, or its text is not UTF-8. */
  malformed: 2,
  /** The text is longer than the server's hello allows. */
  textTooLong: 3,
  /** The server is shutting down and takes no new work. */
  shuttingDown: 4,
  /** The server failed at it; its log says why. */
  serverError: 5,
  /** The client asks more often than the server allows. */
  tooManyRequests: 6,
  /** Too many requests of the client are under way already. */
  tooManyUnanswered: 7,
  /** *Authenticate*: the token is not the server's. */
  wrongToken: 8,
  /** *Send*: nobody has this number now. */
  unknownNumber: 16,
  /** *Send*: the number is the sender's own. */
  ownNumber: 17,
  /** *Send*: the receiver left before it confirmed. */
  receiverGone: 18,
  /** *Send*: too much waits for the receiver already. */
  receiverBusy: 19,
  /** *Send*: no confirmation came within the delivery deadline. */
  notConfirmed: 20,
  /** *Send*: the receiver answered that it does not take the message. */
  receiverRefused: 21,
  /** *Send*: the server that the receiver is connected to cannot be reached. */
  unreachable: 22,
  /** *Message*: the receiving program does not listen for messages. */
  notListening: 32,
  /** *Message*: the receiving program could not handle the message. */
  notHandled: 33,
  /** *List*: a server does not answer, and its clients are not in the list. */
  incomplete: 48,
} as const;

/** One of the numbers of {@linkcode Status}. */
export type Status = typeof Status[keyof typeof Status];

const names = new Map<number, string>(
  Object.entries(Status).map(([name, number]) => [
    number,
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  ]),
);

/**
 * A status's name for logs and scripts; `status-77` for a number that this
 * version does not know.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(statusName(Status.unknownNumber), "unknown-number");
 * assertEquals(statusName(77), "status-77");
 * ```
 */
export function statusName(status: number): string {
  return names.get(status) ?? `status-${status}`;
}

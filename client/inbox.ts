import {
  Command,
  decodePayload,
  empty,
  type Frame,
  message,
  type Origin,
  sentence,
  Status,
} from "../protocol/mod.ts";
import type { Link } from "../link/mod.ts";

/** So many messages may wait to be handled; more are refused. */
const MAX_WAITING = 1024;

/** A message from another client. */
export interface Message extends Origin {
  /** The text. It may hold anything: make it safe before you print it. */
  readonly text: string;
}

/**
 * Handles a message. Its sender is told that it was delivered when this has
 * returned, or when the promise that it returned has resolved; that it was not,
 * when this has thrown.
 */
export type MessageHandler = (message: Message) => void | Promise<void>;

/** A message that has not been confirmed yet. */
interface Waiting {
  readonly id: number;
  readonly message: Message;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The messages that come in on a link: they are handled one after the other, in
 * order, and confirmed when they have been.
 */
export class Inbox {
  readonly #link: Link;
  #handler: MessageHandler | undefined;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  /** Confirms on `link`. Messages are refused until there is a handler. */
  constructor(link: Link) {
    this.#link = link;
  }

  /** Who handles messages; while nobody does, their senders are told so. */
  get handler(): MessageHandler | undefined {
    return this.#handler;
  }

  set handler(handler: MessageHandler | undefined) {
    this.#handler = handler;
    if (handler !== undefined) return;
    for (const { id } of this.#waiting.splice(0)) this.#refuse(id);
  }

  /** Takes the indication `message`. */
  receive(frame: Frame): void {
    const { text, ...origin } = decodePayload(frame, message);
    if (this.#handler === undefined) return this.#refuse(frame.id);
    if (this.#waiting.length >= MAX_WAITING) {
      const why = `${MAX_WAITING} messages wait there already`;
      const { command, id } = frame;
      return this.#link.refuse({ command, id }, Status.notHandled, why);
    }
    this.#waiting.push({
      id: frame.id,
      message: { ...origin, text: decoder.decode(text) },
    });
    if (!this.#busy) this.#handleAll();
  }

  async #handleAll(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined || this.#handler === undefined) break;
      const to = { command: Command.message, id: next.id };
      try {
        // Awaiting nothing would cost each message a turn of its own.
        const handled = this.#handler(next.message);
        if (handled !== undefined) await handled;
        this.#link.respond(to, empty, undefined);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#link.refuse(to, Status.notHandled, sentence(why));
      }
    }
    this.#busy = false;
  }

  #refuse(id: number): void {
    const to = { command: Command.message, id };
    const why = "that program does not listen for messages";
    this.#link.refuse(to, Status.notListening, why);
  }
}

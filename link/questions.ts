import {
  COMMAND_OFFSET,
  commandName,
  type Frame,
  ProtocolError,
  ProtocolErrorCode,
} from "../protocol/mod.ts";
import { Expiring, type ExpiryQueue } from "./expiry_queue.ts";

/** Why a question has no answer: none came in time, or the link is closed. */
export type GiveUpReason = "timeout" | "closed";

/** Who waits for an answer. Exactly one of the two is called, once. */
export interface Question {
  /** The answer came. The frame is good only during the call. */
  answer(response: Frame): void;
  /** There will be no answer. */
  giveUp(why: GiveUpReason): void;
}

/**
 * What one link has asked and not yet been answered: gives out the ids, and
 * finds who waits when an answer carries one back. Callbacks, not promises: a
 * relay asks a million times a second.
 */
export class Questions {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** How many questions are open. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * Notes a question about `command`, for as long as `patience` lets things
   * wait, and returns the id to ask it with.
   */
  add(command: number, question: Question, patience: ExpiryQueue): number {
    const id = this.nextId();
    const pending = new Pending(id, command, question, this.#pending);
    this.#pending.set(id, pending);
    patience.add(pending);
    return id;
  }

  /**
   * Hands an answer to whoever waits for it; nobody may, if it is late.
   *
   * @throws {ProtocolError} If it answers another command than was asked.
   */
  answer(response: Frame): void {
    const pending = this.#pending.get(response.id);
    if (pending === undefined) return;
    if (pending.command !== response.command) {
      throw new ProtocolError(
        ProtocolErrorCode.outOfOrder,
        response.offset + COMMAND_OFFSET,
        `Expected the answer with id ${response.id} to be about ${
          commandName(pending.command)
        }, got ${commandName(response.command)}`,
      );
    }
    pending.settle();
    pending.question.answer(response);
  }

  /** Forgets a question: its asker hears nothing any more. */
  withdraw(id: number): void {
    this.#pending.get(id)?.settle();
  }

  /** Tells all who wait that no answer can come. */
  close(): void {
    for (const pending of [...this.#pending.values()]) {
      // Whoever was told before may have withdrawn it, or closed all.
      if (!this.#pending.has(pending.id)) continue;
      pending.settle();
      pending.question.giveUp("closed");
    }
  }

  /** An id that no open question has. They count up from 1; 0 is nobody's. */
  nextId(): number {
    do {
      this.#lastId = this.#lastId === 0xffffffff ? 1 : this.#lastId + 1;
    } while (this.#pending.has(this.#lastId));
    return this.#lastId;
  }
}

class Pending extends Expiring {
  readonly id: number;
  readonly command: number;
  readonly question: Question;
  readonly #all: Map<number, Pending>;

  constructor(
    id: number,
    command: number,
    question: Question,
    all: Map<number, Pending>,
  ) {
    super();
    this.id = id;
    this.command = command;
    this.question = question;
    this.#all = all;
  }

  settle(): void {
    this.#all.delete(this.id);
    this.queue?.remove(this);
  }

  override expire(): void {
    this.#all.delete(this.id);
    this.question.giveUp("timeout");
  }
}

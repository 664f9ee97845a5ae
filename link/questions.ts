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

/** Places for open questions that a link keeps when it has none. */
const FEW = 256;

/**
 * A question, and who waits for its answer. Exactly one of
 * {@linkcode Question.answer} and {@linkcode Question.giveUp} is called, once.
 * A class of its own, not callbacks: a relay asks a million times a second, and
 * this is the one object that a question costs.
 */
export abstract class Question extends Expiring {
  /** What it is asked with: the questions' own. */
  declare id: number;
  /** What it is about: the questions' own. */
  declare command: number;
  /** Where it is open: the questions' own. */
  declare asked: Questions | undefined;

  /** Makes a question that nobody was asked yet. */
  constructor() {
    super();
    this.id = this.command = 0;
    this.asked = undefined;
  }

  /** The answer came. The frame is good only during the call. */
  abstract answer(response: Frame): void;
  /** There will be no answer. */
  abstract giveUp(why: GiveUpReason): void;

  /** Gives up, as the time is over. */
  override expire(): void {
    this.asked?.withdraw(this.id);
    this.giveUp("timeout");
  }
}

/**
 * What one link has asked and not yet been answered: gives out the ids, and
 * finds who waits when an answer carries one back.
 */
export class Questions {
  /**
   * Each question in the place that its id's lowest bits name; ids whose place
   * is taken are left out. A Map would cost a relay several times as much.
   */
  #places: (Question | undefined)[] = [];
  #size = 0;
  #lastId = 0;

  /** How many questions are open. */
  get size(): number {
    return this.#size;
  }

  /**
   * Notes a question about `command`, for as long as `patience` lets things
   * wait, and returns the id to ask it with.
   */
  add(command: number, question: Question, patience: ExpiryQueue): number {
    if (2 * this.#size >= this.#places.length) this.#makeRoom();
    const id = this.nextId();
    question.id = id;
    question.command = command;
    question.asked = this;
    this.#places[id & (this.#places.length - 1)] = question;
    this.#size++;
    patience.add(question);
    return id;
  }

  /**
   * Hands an answer to whoever waits for it; nobody may, if it is late.
   *
   * @throws {ProtocolError} If it answers another command than was asked.
   */
  answer(response: Frame): void {
    const question = this.#find(response.id);
    if (question === undefined) return;
    if (question.command !== response.command) {
      throw new ProtocolError(
        ProtocolErrorCode.outOfOrder,
        response.offset + COMMAND_OFFSET,
        `Expected the answer with id ${response.id} to be about ${
          commandName(question.command)
        }, got ${commandName(response.command)}`,
      );
    }
    this.#forget(question);
    question.answer(response);
  }

  /** Forgets a question: its asker hears nothing any more. */
  withdraw(id: number): void {
    const question = this.#find(id);
    if (question !== undefined) this.#forget(question);
  }

  /** Tells all who wait that no answer can come. */
  close(): void {
    for (const question of [...this.#places]) {
      // Whoever was told before may have withdrawn it, or closed all.
      if (question === undefined || question.asked !== this) continue;
      this.#forget(question);
      question.giveUp("closed");
    }
  }

  /** An id that no open question has. They count up from 1; 0 is nobody's. */
  nextId(): number {
    const mask = this.#places.length - 1;
    do {
      this.#lastId = this.#lastId === 0xffffffff ? 1 : this.#lastId + 1;
    } while (this.#places[this.#lastId & mask] !== undefined);
    return this.#lastId;
  }

  #find(id: number): Question | undefined {
    const question = this.#places[id & (this.#places.length - 1)];
    return question?.id === id ? question : undefined;
  }

  #forget(question: Question): void {
    this.#places[question.id & (this.#places.length - 1)] = undefined;
    question.asked = undefined;
    question.queue?.remove(question);
    this.#size--;
    // What a burst has needed is not kept for ever.
    if (this.#size === 0 && this.#places.length > FEW) this.#places = [];
  }

  #makeRoom(): void {
    const places: (Question | undefined)[] = new Array(
      Math.max(4, 2 * this.#places.length),
    ).fill(undefined);
    for (const question of this.#places) {
      if (question === undefined) continue;
      places[question.id & (places.length - 1)] = question;
    }
    this.#places = places;
  }
}

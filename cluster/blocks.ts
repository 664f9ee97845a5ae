import type { NumberRange } from "../protocol/mod.ts";
import { NoNumberError } from "../server/roster.ts";
import type { Bus } from "./bus.ts";

/** How many numbers a block has. */
export const BLOCK_SIZE = 1_000;

/** The last block there can be: the greatest number of a client has 32 bits. */
export const LAST_BLOCK = Math.floor(0xffffffff / BLOCK_SIZE);

/** When fewer numbers than this are left, another block is fetched. */
const RESERVE = 500;

/** The block that a number is in; blocks count from 1. */
export function blockOf(number: number): number {
  return Math.ceil(number / BLOCK_SIZE);
}

/** The numbers of a block. */
export function rangeOf(block: number): NumberRange {
  return { first: (block - 1) * BLOCK_SIZE + 1, last: block * BLOCK_SIZE };
}

/** A block, and how far it is used. */
interface Block {
  /** Its number. */
  readonly id: number;
  /** The next number to give out. */
  next: number;
  /** The last number that it has. */
  readonly last: number;
  /** How many numbers were given out and not given back. */
  inUse: number;
}

/**
 * The numbers of one node's clients. They come in blocks, each of which one node
 * has fetched and no other ever will, so that nobody has to be asked for a single
 * one. A block whose numbers were all given out, and all given back, is over: it
 * is forgotten. What a node has not used when it ends is lost.
 */
export class Blocks {
  /** Called whenever a block was fetched, before a number of it is used. */
  onFetched: () => void = () => {};
  readonly #bus: Bus;
  /** Those that are not over, by their numbers, in the order they came. */
  readonly #blocks = new Map<number, Block>();
  /** Those of them that have numbers left; they are given from the first. */
  readonly #unspent: Block[] = [];
  /** No block up to this one is fetched any more. */
  #highest = 0;
  #fetching: Promise<void> | undefined;

  /** Has none yet. */
  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** The blocks that are not over, the oldest first. */
  get all(): number[] {
    return [...this.#blocks.keys()];
  }

  /** Whether a block is one of them. */
  owns(block: number): boolean {
    return this.#blocks.has(block);
  }

  /** Whether a number is in one of them. */
  has(number: number): boolean {
    return this.owns(blockOf(number));
  }

  /** The highest block that it knows to have been fetched, by any node. */
  get highest(): number {
    return this.#highest;
  }

  /**
   * Another node knows this block to have been fetched. None up to it is fetched
   * from now on, even if the count of all nodes has begun anew.
   */
  passOver(block: number): void {
    this.#highest = Math.max(this.#highest, block);
  }

  /**
   * Fetches a block, unless that is under way already.
   *
   * @throws {Error} If it cannot be had.
   */
  fetch(): Promise<void> {
    this.#fetching ??= this.#add().finally(() => this.#fetching = undefined);
    return this.#fetching;
  }

  /**
   * The next number; it may have to be fetched.
   *
   * @throws {NoNumberError} If it cannot be.
   */
  claim(): number | Promise<number> {
    if (this.#left < RESERVE) {
      // Who needs one now hears of a failure; else there is time.
      this.fetch().catch(() => {});
    }
    return this.#take() ?? this.#claimLater();
  }

  /** Nobody will be found under a number that was claimed; it is never reused. */
  release(number: number): void {
    const block = this.#blocks.get(blockOf(number));
    if (block === undefined) return;
    block.inUse--;
    const isSpent = block.next > block.last;
    if (isSpent && block.inUse === 0) this.#blocks.delete(block.id);
  }

  get #left(): number {
    let left = 0;
    for (const { next, last } of this.#unspent) left += last - next + 1;
    return left;
  }

  #take(): number | undefined {
    const [block] = this.#unspent;
    if (block === undefined) return undefined;
    const number = block.next++;
    block.inUse++;
    if (number === block.last) this.#unspent.shift();
    return number;
  }

  async #claimLater(): Promise<number> {
    for (;;) {
      try {
        await this.fetch();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new NoNumberError(`there is no number for you now: ${why}`);
      }
      const number = this.#take();
      if (number !== undefined) return number;
    }
  }

  async #add(): Promise<void> {
    const id = await this.#bus.next(this.#highest);
    if (id > LAST_BLOCK) throw new Error("all numbers have been used");
    this.passOver(id);
    const { first: next, last } = rangeOf(id);
    const block = { id, next, last, inUse: 0 };
    this.#blocks.set(id, block);
    this.#unspent.push(block);
    this.onFetched();
  }
}

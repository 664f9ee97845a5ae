import type { NumberRange } from "../protocol/mod.ts";
import { NoNumberError } from "../server/roster.ts";
import type { Bus } from "./bus.ts";

/** How many numbers a block has. */
export const BLOCK_SIZE = 1_000;

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

/**
 * The numbers of one node's clients. They come in blocks, each of which one node
 * has fetched and no other ever will, so that nobody has to be asked for a single
 * one; what a node has not used when it ends is lost.
 */
export class Blocks {
  readonly #bus: Bus;
  readonly #onFetched: () => void;
  readonly #blocks: number[] = [];
  readonly #own = new Set<number>();
  /** The next number, in the block at this place. */
  #next = 0;
  #at = 0;
  #fetching: Promise<void> | undefined;

  private constructor(bus: Bus, onFetched: () => void) {
    this.#bus = bus;
    this.#onFetched = onFetched;
  }

  /**
   * Fetches a first block. `onFetched` is called whenever another one is there,
   * before a number of it is used.
   */
  static async begin(bus: Bus, onFetched: () => void): Promise<Blocks> {
    const blocks = new Blocks(bus, onFetched);
    blocks.#add(await bus.next());
    blocks.#next = rangeOf(blocks.#blocks[0]!).first;
    return blocks;
  }

  /** The blocks that were fetched, the first one first. */
  get fetched(): readonly number[] {
    return this.#blocks;
  }

  /** Whether a number is in one of them. */
  has(number: number): boolean {
    return this.#own.has(blockOf(number));
  }

  /**
   * The next number; it may have to be fetched.
   *
   * @throws {NoNumberError} If it cannot be.
   */
  claim(): number | Promise<number> {
    if (this.#left < RESERVE) {
      // Who needs one now hears of a failure; else there is time.
      this.#fetch().catch(() => {});
    }
    return this.#take() ?? this.#claimLater();
  }

  #add(block: number): void {
    this.#blocks.push(block);
    this.#own.add(block);
  }

  get #left(): number {
    const blocksLeft = this.#blocks.length - this.#at - 1;
    const { last } = rangeOf(this.#blocks[this.#at]!);
    return last - this.#next + 1 + blocksLeft * BLOCK_SIZE;
  }

  #take(): number | undefined {
    if (this.#next > rangeOf(this.#blocks[this.#at]!).last) {
      if (this.#at + 1 === this.#blocks.length) return undefined;
      this.#at++;
      this.#next = rangeOf(this.#blocks[this.#at]!).first;
    }
    return this.#next++;
  }

  async #claimLater(): Promise<number> {
    for (;;) {
      try {
        await this.#fetch();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new NoNumberError(`there is no number for you now: ${why}`);
      }
      const number = this.#take();
      if (number !== undefined) return number;
    }
  }

  #fetch(): Promise<void> {
    this.#fetching ??= this.#bus.next().then((block) => {
      this.#add(block);
      this.#onFetched();
    }).finally(() => this.#fetching = undefined);
    return this.#fetching;
  }
}

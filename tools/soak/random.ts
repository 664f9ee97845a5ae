/**
 * Chance that comes out the same for the same seed. Each part of a soak draws
 * from one of its own, so that what one draws does not depend on when others do.
 *
 * It is Marsaglia's xorshift with 128 bits of state, begun with FNV-1a hashes of
 * the seed: good enough for dice, and for nothing secret.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const draw = (seed: string) => {
 *   const random = new Random(seed);
 *   return [random.below(100), random.below(100), random.below(100)];
 * };
 * assertEquals(draw("7/crowd"), draw("7/crowd"));
 * ```
 */
export class Random {
  readonly #state = new Uint32Array(4);

  /** Begins with a seed: any text. */
  constructor(seed: string) {
    for (let i = 0; i < 4; i++) this.#state[i] = fnv1a(`${i}/${seed}`) || 1;
    // The first numbers still look like the seed.
    for (let i = 0; i < 16; i++) this.#next();
  }

  /** A whole number, 0 to `end` - 1. */
  below(end: number): number {
    return Math.floor(this.#next() / 2 ** 32 * end);
  }

  /** A whole number, `first` to `last`. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** Whether something happens that does with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.#next() < probability * 2 ** 32;
  }

  /** One of some things. */
  pick<T>(things: readonly T[]): T {
    return things[this.below(things.length)]!;
  }

  /** One of some things; each has a share of the chances. */
  pickWeighted<T>(things: readonly { share: number; thing: T }[]): T {
    const total = things.reduce((sum, { share }) => sum + share, 0);
    let at = this.#next() / 2 ** 32 * total;
    for (const { share, thing } of things) {
      at -= share;
      if (at < 0) return thing;
    }
    return things.at(-1)!.thing;
  }

  /** How long until something that happens every `mean` on average. */
  interval(mean: number): number {
    return -mean * Math.log(1 - this.#next() / 2 ** 32);
  }

  /** Bytes of any value. */
  bytes(count: number): Uint8Array<ArrayBuffer> {
    const words = new Uint32Array(Math.ceil(count / 4));
    for (let i = 0; i < words.length; i++) words[i] = this.#next();
    return new Uint8Array(words.buffer, 0, count);
  }

  #next(): number {
    const state = this.#state;
    let t = state[3]!;
    const s = state[0]!;
    state[3] = state[2]!;
    state[2] = state[1]!;
    state[1] = s;
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ s ^ s >>> 19;
    return state[0]!;
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

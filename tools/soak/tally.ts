/**
 * Counts of what has happened, by its name: of all, and of what is new.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tally = new Tally();
 * tally.add("storm");
 * assertEquals(tally.takeNew(), { storm: 1 });
 * tally.add("storm", 2);
 * assertEquals(tally.takeNew(), { storm: 2 });
 * assertEquals(tally.all, { storm: 3 });
 * ```
 */
export class Tally {
  /** The counts since the beginning. */
  readonly all: Record<string, number> = {};
  #new: Record<string, number> = {};

  /** Counts. */
  add(what: string, count = 1): void {
    this.all[what] = (this.all[what] ?? 0) + count;
    this.#new[what] = (this.#new[what] ?? 0) + count;
  }

  /** The counts since this was asked last. */
  takeNew(): Record<string, number> {
    const taken = this.#new;
    this.#new = {};
    return taken;
  }
}

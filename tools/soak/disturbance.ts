import { commit, NUISANCES, type Site } from "./nuisances.ts";
import { pause } from "../pause.ts";
import { Random } from "./random.ts";

/** How long it is from one nuisance to the next, on average. */
const INTERVAL_MS = 300;
/** So many go on at a time; more would keep the machine busy, not the server. */
const MAX_GOING_ON = 16;

/** Where a disturbance takes place: all that is the same for every nuisance. */
export interface DisturbanceOptions extends Omit<Site, "name" | "random"> {
  /** What all chance comes from. */
  readonly seed: string;
}

/** One nuisance after the other, and several at a time, in a random order. */
export class Disturbance {
  readonly #options: DisturbanceOptions;
  readonly #over = new AbortController();
  readonly #goingOn = new Set<Promise<void>>();
  readonly #running: Promise<void>;

  /** Begins. */
  constructor(options: DisturbanceOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Begins no more; resolves when all have ended. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#running;
    await Promise.all(this.#goingOn);
  }

  async #run(): Promise<void> {
    const { seed, tally } = this.#options;
    const { signal } = this.#over;
    const random = new Random(`${seed}/disturbance`);
    const kinds = Object.entries(NUISANCES).map((
      [kind, { share, nuisance }],
    ) => ({
      share,
      thing: { kind, nuisance },
    }));
    for (let count = 1;; count++) {
      await pause(random.interval(INTERVAL_MS), signal);
      if (signal.aborted) return;
      const { kind, nuisance } = random.pickWeighted(kinds);
      if (this.#goingOn.size >= MAX_GOING_ON) continue;
      tally.add(kind);
      const name = `${kind}-${count}`;
      const site = {
        ...this.#options,
        name,
        random: new Random(`${seed}/${name}`),
      };
      const going = commit(nuisance, site)
        .finally(() => this.#goingOn.delete(going));
      this.#goingOn.add(going);
    }
  }
}

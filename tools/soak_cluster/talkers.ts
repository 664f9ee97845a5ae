import { Client, ConnectionError, type Delivery } from "../../client/mod.ts";
import { GoodbyeReason } from "../../protocol/mod.ts";
import type { Ledgers, Outcome } from "../ledger.ts";
import { pause } from "../pause.ts";
import type { Findings } from "../soak/findings.ts";
import { Random } from "../soak/random.ts";
import type { Tally } from "../soak/tally.ts";

/** How many there are. */
const TALKERS = 24;
/** So many messages of one of them are under way at a time. */
const OPEN = 4;
/** How long somebody stays at a node before another is tried, on average. */
const STAY_MS = 20_000;
/** Whoever is not taken in tries the next node after this time. */
const RETRY_MS = 50;
/** How long a message may take, with all that is done to the nodes. */
const TIMES = { timeoutMs: 4_000, pingIntervalMs: 1_000, pingTimeoutMs: 2_000 };
/** How long a connection may take to close once that is known, and longer. */
const LINGER_MS = 2_000;
/** How a send ends that was open when the node said goodbye. */
const UNDONE: Outcome = "undone";

/** What talkers need. */
export interface TalkersOptions {
  /** Where the nodes listen, whether they are there or not. */
  readonly ports: readonly number[];
  /** What all chance comes from. */
  readonly seed: string;
  /** Where each message, and how it ended, is entered. */
  readonly ledgers: Ledgers;
  /** Counts how often they came, and were lost. */
  readonly tally: Tally;
  /** What should not have been. */
  readonly wrong: Findings;
}

/**
 * Clients that send to each other without a pause, whatever node each is at;
 * whoever loses his node, or has been there for long, goes on at another. Each
 * time he has another name in the ledgers.
 */
export class Talkers {
  readonly #options: TalkersOptions;
  /** Who is connected: the names by the numbers. */
  readonly #present = new Map<number, string>();
  /** Who was connected, and is not any more. */
  readonly #gone = new Set<string>();
  /** The numbers of all who have ever come. */
  readonly #numbers = new Map<string, number>();
  readonly #given = new Set<number>();
  readonly #silent = new AbortController();
  readonly #over = new AbortController();
  readonly #lives: Promise<void>[];

  /** Has all of them come, and talk. */
  constructor(options: TalkersOptions) {
    this.#options = options;
    this.#lives = Array.from({ length: TALKERS }, (_, i) => this.#live(i));
  }

  /** The numbers of those who are connected. */
  get present(): ReadonlySet<number> {
    return new Set(this.#present.keys());
  }

  /** The same, with the names that they have in the ledgers. */
  get names(): readonly [id: number, name: string][] {
    return [...this.#present];
  }

  /** How many there are when all are connected. */
  get size(): number {
    return TALKERS;
  }

  /** Enters somebody else who sends to them. */
  know(name: string, id: number): void {
    this.#numbers.set(name, id);
  }

  /** Sends no more; all stay, and get what is sent to them. */
  hush(): void {
    this.#silent.abort();
  }

  /** Has all of them disconnect; resolves when all that was sent has ended. */
  async end(): Promise<void> {
    this.hush();
    this.#over.abort();
    await Promise.all(this.#lives);
  }

  /** Forgets, in the ledgers, what is complete, and who is gone. */
  tidy(): void {
    this.#options.ledgers.forget(this.#gone);
  }

  async #live(which: number): Promise<void> {
    const { ports, seed, tally } = this.#options;
    const random = new Random(`${seed}/talker ${which}`);
    for (let visit = 1; !this.#over.signal.aborted; visit++) {
      let client: Client;
      try {
        client = await Client.connect({ port: random.pick(ports), ...TIMES });
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error;
        await pause(RETRY_MS, this.#over.signal);
        continue;
      }
      tally.add("comes");
      const name = `talker-${which}.${visit}`;
      this.#enter(client, name);
      const leaving = AbortSignal.any([this.#over.signal, this.#silent.signal]);
      const sends = Array.from(
        { length: OPEN },
        () => this.#talk(client, name, random, leaving),
      );
      const stay = random.interval(STAY_MS);
      await Promise.race([client.closed, this.#stay(stay)]);
      await client.disconnect();
      await Promise.all(sends);
    }
  }

  /** Resolves when it is time to go: not while all are to stay. */
  async #stay(ms: number): Promise<void> {
    await pause(ms, AbortSignal.any([this.#silent.signal, this.#over.signal]));
    if (!this.#silent.signal.aborted) return;
    await new Promise<void>((resolve) => {
      if (this.#over.signal.aborted) resolve();
      this.#over.signal.addEventListener("abort", () => resolve());
    });
  }

  /** Somebody is there, with a number that nobody has, or ever had. */
  #enter(client: Client, name: string): void {
    const { ledgers, tally, wrong } = this.#options;
    const { id } = client;
    const other = this.#present.get(id);
    if (other !== undefined) {
      wrong.add(`${name} has number ${id}, which ${other} has`);
    } else if (this.#given.has(id)) {
      wrong.add(`${name} has number ${id}, which was somebody's before`);
    }
    this.#given.add(id);
    this.#present.set(id, name);
    this.#numbers.set(name, id);
    client.receive(({ from, text }) => {
      const [sender] = text.split(">");
      const number = this.#numbers.get(sender!);
      if (number !== from) {
        wrong.add(`${text} came from number ${from}, and not from ${number}`);
      }
      ledgers.see(name, text);
    });
    client.closed.then(({ how }) => {
      tally.add(how);
      if (this.#present.get(id) === name) this.#present.delete(id);
      this.#gone.add(name);
    });
  }

  /** Sends to one after the other until the connection is closed, or hushed. */
  async #talk(
    client: Client,
    name: string,
    random: Random,
    hushed: AbortSignal,
  ): Promise<void> {
    let open = true;
    client.closed.then(() => open = false);
    while (open && !hushed.aborted) {
      const others = [...this.#present].filter(([id]) => id !== client.id);
      if (others.length === 0) {
        await pause(RETRY_MS, hushed);
        continue;
      }
      const [number, to] = random.pick(others);
      const outcome = await this.#options.ledgers.record(
        name,
        to,
        (text) => send(client, number, text),
      );
      // Whoever was refused at once would be so again.
      if (outcome !== "delivered") await pause(RETRY_MS, hushed);
    }
  }
}

/**
 * Sends a text. What is open when the node says that it shuts down is not
 * delivered, and can be told from what is lost.
 */
async function send(
  client: Client,
  to: number,
  text: string,
): Promise<Delivery> {
  try {
    return await client.send(to, text);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    const closed = await Promise.race([
      client.closed,
      pause(LINGER_MS).then(() => undefined),
    ]);
    if (closed?.reason !== GoodbyeReason.shuttingDown) throw error;
    return { delivered: false, ms: 0, reason: UNDONE, why: closed.why };
  }
}

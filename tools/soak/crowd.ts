import {
  Client,
  type Closing,
  ConnectionError,
  RefusedError,
} from "../../client/mod.ts";
import { GoodbyeReason } from "../../protocol/mod.ts";
import { CONNECTION_LOST, type Outcome } from "../ledger.ts";
import type { Findings } from "./findings.ts";
import { pause } from "../pause.ts";
import type { Addressee, Post } from "./post.ts";
import { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/** How long somebody stays, and waits between two things to do, on average. */
const STAY_MS = 60_000;
const REST_MS = 500;
const LONGEST_REST_MS = 3_000;

/** So many letters of one member may be under way. */
const MAX_OPEN = 16;
/** So many come in together at the beginning. */
const TOGETHER = 20;
/** Whoever is turned away tries again after this time, and so often. */
const RETRY_MS = 100;
const MAX_TRIES = 100;
/** How far two looks at the same clock may be apart, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5_000;
/** How long after its first refusal a server says goodbye, in milliseconds. */
const GOODBYE_MS = 5_000;
/** No client gets such a high number. */
const NOBODY = 0xfff00000;

/** What a crowd needs. */
export interface CrowdOptions {
  /** The server's port. */
  readonly port: number;
  /** The server's token. */
  readonly token: Uint8Array;
  /** The server's name. */
  readonly serverName: string;
  /** How many there are. */
  readonly size: number;
  /** The longest text that the server takes, in bytes. */
  readonly maxText: number;
  /** What all chance comes from. */
  readonly seed: string;
  /** Where letters are entered. */
  readonly post: Post;
  /** Counts who is turned away at first, and why. */
  readonly tally: Tally;
  /** Members that were dropped, or not answered. */
  readonly dropped: Findings;
  /** Answers that were wrong. */
  readonly wrong: Findings;
}

/**
 * Clients that behave: they write to each other and to others, confirm what they
 * get, ask for this and that, leave politely and come back. All that they were
 * promised is checked.
 */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #members = new Set<Member>();
  readonly #over = new AbortController();
  #closing = false;
  #lives: Promise<void>[] = [];

  private constructor(options: CrowdOptions) {
    this.#options = options;
  }

  /** Connects everybody, and has them begin. */
  static async gather(options: CrowdOptions): Promise<Crowd> {
    const crowd = new Crowd(options);
    const randoms = Array.from(
      { length: options.size },
      (_, i) => new Random(`${options.seed}/member ${i}`),
    );
    const members: (Member | undefined)[] = [];
    while (members.length < options.size) {
      const first = members.length;
      members.push(
        ...await Promise.all(
          randoms.slice(first, first + TOGETHER).map((random, i) =>
            crowd.#enter(`m${first + i}`, random)
          ),
        ),
      );
    }
    crowd.#lives = members.map((member, i) =>
      crowd.#live(`m${i}`, randoms[i]!, member)
    );
    return crowd;
  }

  /** The numbers of those who are connected. */
  get numbers(): number[] {
    return [...this.#members].map(({ number }) => number);
  }

  /** Has some of them write so many letters of `size` bytes to somebody. */
  pelt(random: Random, to: Addressee, letters: number, size: number): void {
    const members = [...this.#members];
    if (members.length === 0) return;
    for (let i = 0; i < letters; i++) random.pick(members).write(to, size);
  }

  /** From now on the server may say goodbye, and nobody comes back. */
  expectGoodbye(): void {
    this.#closing = true;
  }

  /** Has everybody leave; resolves when all have. */
  async end(): Promise<void> {
    this.#closing = true;
    this.#over.abort();
    await this.ended();
  }

  /** Resolves when everybody has left, one way or the other. */
  async ended(): Promise<void> {
    await Promise.all(this.#lives);
  }

  async #live(
    name: string,
    random: Random,
    first: Member | undefined,
  ): Promise<void> {
    let member = first;
    for (let visit = 2; member !== undefined; visit++) {
      await this.#visit(member, random);
      if (this.#closing) break;
      await pause(random.interval(REST_MS), this.#over.signal);
      member = await this.#enter(`${name}.${visit}`, random);
    }
  }

  async #enter(name: string, random: Random): Promise<Member | undefined> {
    const { port, token, tally, dropped } = this.#options;
    for (let i = 0; i < MAX_TRIES && !this.#closing; i++) {
      try {
        const client = await Client.connect({ port, token });
        return new Member(name, client, this.#options, random);
      } catch (error) {
        if (this.#closing) return undefined;
        const why = explain(error);
        if (why !== undefined) tally.add(why);
        else dropped.add(`${name} was not let in: ${error}`);
      }
      await pause(RETRY_MS, this.#over.signal);
    }
    if (!this.#closing) dropped.add(`${name} could not get in`);
    return undefined;
  }

  async #visit(member: Member, random: Random): Promise<void> {
    const { dropped } = this.#options;
    this.#members.add(member);
    const { gone } = member;
    const signal = AbortSignal.any([gone, this.#over.signal]);
    const untilMs = performance.now() + random.interval(STAY_MS);
    while (performance.now() < untilMs && !signal.aborted) {
      await pause(
        Math.min(random.interval(REST_MS), LONGEST_REST_MS),
        signal,
      );
      if (!signal.aborted) member.act();
    }
    this.#members.delete(member);
    const closing = await member.leave();
    const orderly = closing.how === "disconnected" ||
      this.#closing && closing.reason === GoodbyeReason.shuttingDown;
    if (!orderly) dropped.add(`${member.name} was dropped: ${closing.why}`);
  }
}

/** One client on one visit. */
class Member implements Addressee {
  readonly name: string;
  readonly number: number;
  readonly prompt = true;
  readonly #client: Client;
  readonly #options: CrowdOptions;
  readonly #random: Random;
  readonly #gone = new AbortController();
  readonly #open = new Set<Promise<void>>();
  #left = false;

  constructor(
    name: string,
    client: Client,
    options: CrowdOptions,
    random: Random,
  ) {
    this.name = name;
    this.number = client.id;
    this.#client = client;
    this.#options = options;
    this.#random = random;
    const taking = new Random(`${options.seed}/taking of ${name}`);
    client.receive(({ from, text }) => {
      const key = options.post.take(name, from, text);
      // Some are slow, and some fail at it.
      if (taking.chance(0.0005)) return pause(1500);
      if (taking.chance(0.002)) throw new Error("I do not like this one");
      options.post.confirm(key);
    });
    client.closed.then(() => this.#gone.abort());
    options.post.join(this);
  }

  /** Aborted when the connection is closed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Does something. */
  act(): void {
    const random = this.#random;
    const act = random.pickWeighted([
      { share: 70, thing: () => this.#writeSome() },
      { share: 10, thing: () => this.#ask(() => this.#time()) },
      { share: 8, thing: () => this.#ask(() => this.#name()) },
      { share: 4, thing: () => this.#ask(() => this.#client.ping()) },
      { share: 2, thing: () => this.#ask(() => this.#list()) },
      { share: 1, thing: () => this.#writeToNobody() },
      { share: 1, thing: () => this.write(this, 10, ["own-number"]) },
    ]);
    act();
  }

  /** Writes a letter; it must end as one of `expected`, if that is given. */
  write(to: Addressee, size: number, expected?: readonly Outcome[]): void {
    if (this.#open.size >= MAX_OPEN || this.gone.aborted) return;
    this.#track(this.#write(to, size, expected));
  }

  /** Leaves politely, and resolves when all that was asked has ended. */
  async leave(): Promise<Closing> {
    await this.#client.disconnect();
    this.#left = true;
    await Promise.all(this.#open);
    this.#options.post.leave(this);
    return await this.#client.closed;
  }

  #writeSome(): void {
    const random = this.#random;
    const { post, maxText } = this.#options;
    const to = post.pick(random);
    if (to === this) return;
    // To one receiver, so that there is an order to keep.
    for (let count = random.pick([1, 1, 1, 2, 4]); count > 0; count--) {
      const size = random.pickWeighted([
        { share: 10, thing: random.between(1, 2) },
        { share: 55, thing: random.between(20, 80) },
        { share: 30, thing: random.between(80, 1000) },
        { share: 4, thing: random.between(1000, maxText) },
        { share: 1, thing: maxText },
      ]);
      this.write(to, size);
    }
  }

  #writeToNobody(): void {
    const number = NOBODY + this.#random.below(1000);
    const nobody = { name: "nobody", number, prompt: false };
    this.write(nobody, 20, ["unknown-number"]);
  }

  async #write(
    to: Addressee,
    size: number,
    expected: readonly Outcome[] | undefined,
  ): Promise<void> {
    const { post, wrong } = this.#options;
    const letter = post.write(this, to, size);
    const outcome = await this.#outcome(to.number, letter.text);
    post.settle(letter, outcome);
    if (expected === undefined || expected.includes(outcome)) return;
    if (outcome === "shutting-down" || outcome === "undone") return;
    wrong.add(`${letter.key} ended as ${outcome}, not ${expected}`);
  }

  async #outcome(to: number, text: string): Promise<Outcome> {
    try {
      const delivery = await this.#client.send(to, text);
      return delivery.delivered ? "delivered" : delivery.reason;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (await this.#saidGoodbye()) return "undone";
      // It waits for an answer to its goodbye for so long, and no longer.
      if (this.#left) return CONNECTION_LOST;
      this.#options.dropped.add(`${this.name} sent, and: ${error.message}`);
      return CONNECTION_LOST;
    }
  }

  #ask(question: () => Promise<unknown>): void {
    this.#track(this.#answered(question));
  }

  async #answered(question: () => Promise<unknown>): Promise<void> {
    try {
      await question();
    } catch (error) {
      if (
        !(error instanceof ConnectionError || error instanceof RefusedError)
      ) throw error;
      // A server that shuts down refuses, and then says goodbye.
      if (await this.#saidGoodbye() || this.#left) return;
      this.#options.dropped.add(`${this.name} asked, and: ${error.message}`);
    }
  }

  async #time(): Promise<void> {
    const earliestMs = Date.now() - CLOCK_TOLERANCE_MS;
    const { unixMs } = await this.#client.time();
    const latestMs = Date.now() + CLOCK_TOLERANCE_MS;
    if (unixMs >= earliestMs && unixMs <= latestMs) return;
    this.#options.wrong.add(`${this.name} was told the time ${unixMs}`);
  }

  async #name(): Promise<void> {
    const { serverName, wrong } = this.#options;
    const name = await this.#client.name();
    if (name !== serverName) wrong.add(`${this.name} was told "${name}"`);
  }

  async #list(): Promise<void> {
    const listed = await this.#client.list();
    const numbers = new Set(listed.map(({ id }) => id));
    if (numbers.size === listed.length && numbers.has(this.number)) return;
    this.#options.wrong.add(`${this.name} was given a list that it is not in`);
  }

  /** Whether something was not done because the server shuts down. */
  async #saidGoodbye(): Promise<boolean> {
    // What is wrong otherwise need not end the connection.
    await pause(GOODBYE_MS, this.gone);
    if (!this.gone.aborted) return false;
    const { reason } = await this.#client.closed;
    return reason === GoodbyeReason.shuttingDown;
  }

  #track(doing: Promise<void>): void {
    const { wrong } = this.#options;
    const tracked = doing
      .catch((error) => wrong.add(`${this.name} met with ${error}`))
      .finally(() => this.#open.delete(tracked));
    this.#open.add(tracked);
  }
}

/**
 * The short name of a reason to be turned away that others are to blame for:
 * their wrong tokens lock the address out, they take all places.
 */
function explain(error: unknown): string | undefined {
  if (!(error instanceof ConnectionError)) return undefined;
  const { message } = error;
  if (message.includes("wrong tokens")) return "locked-out";
  if (message.includes("is full")) return "server-full";
  // Where very many are turned away at once, some are not told why.
  if (message.includes("closed the connection")) return "closed-at-once";
  return undefined;
}

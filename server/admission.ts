import { GoodbyeReason, parseAddress } from "../protocol/mod.ts";
import { Expiring, ExpiryQueue } from "../link/mod.ts";
import type { Rejection } from "./rejection.ts";

/** After so many wrong tokens in a row an address has to wait. */
const WRONG_TOKENS = 3;
/** So many addresses that sent wrong tokens are remembered. */
const MAX_REMEMBERED = 65_536;

/** Limits that concern who may come in; see `ServerLimits`. */
export interface AdmissionLimits {
  /** How many clients may be connected. */
  readonly maxClients: number;
  /** How many of them may have the same address. */
  readonly maxClientsPerAddress: number;
  /** How long an address has to wait after wrong tokens, in milliseconds. */
  readonly lockoutMs: number;
}

/**
 * Who may come in: counts the connections of each address, and the wrong tokens
 * that came from it.
 */
export class Admission implements Disposable {
  readonly #limits: AdmissionLimits;
  readonly #connected = new Map<string, number>();
  readonly #suspects = new Map<string, Suspect>();
  readonly #patience: ExpiryQueue;
  #size = 0;

  /** Makes one that knows nobody yet. */
  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
    this.#patience = new ExpiryQueue(limits.lockoutMs);
  }

  /**
   * Counts a connection from an IP address, or says why it has to go. Counted
   * ones must {@linkcode Admission.leave}.
   */
  enter(address: string): Rejection | undefined {
    const origin = originOf(address);
    const { maxClients, maxClientsPerAddress } = this.#limits;
    const lockout = this.lockout(address);
    if (lockout !== undefined) return lockout;
    if (this.#size >= maxClients) {
      const reason = GoodbyeReason.serverFull;
      return { reason, why: `the server is full: ${maxClients} are connected` };
    }
    const connected = this.#connected.get(origin) ?? 0;
    if (connected >= maxClientsPerAddress) {
      const reason = GoodbyeReason.addressFull;
      const why = `${maxClientsPerAddress} are connected from your address, ` +
        "which is as many as the server takes";
      return { reason, why };
    }
    this.#connected.set(origin, connected + 1);
    this.#size++;
    return undefined;
  }

  /** A connection that was counted is closed. */
  leave(address: string): void {
    const origin = originOf(address);
    const connected = this.#connected.get(origin)!;
    if (connected > 1) this.#connected.set(origin, connected - 1);
    else this.#connected.delete(origin);
    this.#size--;
  }

  /** A wrong token came from an address. Says whether that was one too many. */
  wrongToken(address: string): Rejection | undefined {
    const origin = originOf(address);
    let suspect = this.#suspects.get(origin);
    if (suspect === undefined) {
      // Whoever has so many addresses is not held up by this anyway.
      if (this.#suspects.size >= MAX_REMEMBERED) return undefined;
      suspect = new Suspect(origin, this.#suspects);
      this.#suspects.set(origin, suspect);
    }
    suspect.wrongTokens++;
    this.#patience.remove(suspect);
    this.#patience.add(suspect);
    return this.lockout(address);
  }

  /** The right token came from an address: the wrong ones were mistakes. */
  rightToken(address: string): void {
    const suspect = this.#suspects.get(originOf(address));
    if (suspect === undefined) return;
    this.#patience.remove(suspect);
    suspect.expire();
  }

  /** Why an address has to wait, if wrong tokens came from there. */
  lockout(address: string): Rejection | undefined {
    const suspect = this.#suspects.get(originOf(address));
    if (suspect === undefined || suspect.wrongTokens < WRONG_TOKENS) {
      return undefined;
    }
    const seconds = this.#limits.lockoutMs / 1000;
    return {
      reason: GoodbyeReason.lockedOut,
      why: `${WRONG_TOKENS} wrong tokens came from your address; ` +
        `wait ${seconds} s`,
    };
  }

  /** Forgets all wrong tokens, and stops the timer. */
  [Symbol.dispose](): void {
    this.#suspects.clear();
    this.#patience[Symbol.dispose]();
  }
}

/** An address that wrong tokens came from, for as long as that is remembered. */
class Suspect extends Expiring {
  wrongTokens = 0;
  readonly #origin: string;
  readonly #all: Map<string, Suspect>;

  constructor(origin: string, all: Map<string, Suspect>) {
    super();
    this.#origin = origin;
    this.#all = all;
  }

  override expire(): void {
    this.#all.delete(this.#origin);
  }
}

/** What counts as one address: IPv4 whole; of IPv6 the network, 64 bits. */
function originOf(address: string): string {
  const bytes = parseAddress(address);
  return (bytes.length === 4 ? bytes : bytes.subarray(0, 8)).toHex();
}

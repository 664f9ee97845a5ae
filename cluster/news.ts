import type { ListedClient } from "../protocol/mod.ts";

/** What a node says of itself, every so often. */
export interface NodeState {
  /** The node's number, which no other node ever has. */
  readonly id: number;
  readonly name: string;
  /** Where it listens: `HOST:PORT`. */
  readonly address: string;
  /** Since when, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly sinceMs: number;
  /** How many clients it has. */
  readonly clients: number;
  readonly messagesPerSecond: number;
  /** How often its clients have changed: whoever counts along misses nothing. */
  readonly version: number;
  /** How often it has connected: what was sent to it before may be lost. */
  readonly connection: number;
  /** The blocks of numbers that are its own. */
  readonly blocks: readonly number[];
}

/** What nodes tell all others. */
export type News =
  /** Whoever hears this is to tell its state. */
  | { readonly kind: "who" }
  /** How a node is; also that it is there. */
  | { readonly kind: "state"; readonly state: NodeState }
  /** Who has come to a node and who has left it, since a version. */
  | {
    readonly kind: "changes";
    readonly id: number;
    readonly since: number;
    readonly version: number;
    readonly joined: readonly ListedClient[];
    readonly left: readonly number[];
  }
  /** A node is about to leave: it takes nothing new, and ends what is under way. */
  | { readonly kind: "leaving"; readonly id: number }
  /** A node has left in good order. */
  | { readonly kind: "gone"; readonly id: number };

/** A part of a node's clients, for whoever has asked. */
export interface Snapshot {
  /** The node's version when this was made. */
  readonly version: number;
  readonly clients: readonly ListedClient[];
  /** Whether there are more behind the last of these. */
  readonly more: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Writes news, a snapshot or a question for one, as JSON. */
export function encodeJson(value: News | Snapshot | number): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** Reads what {@linkcode encodeJson} has written. */
export function decodeJson<T extends News | Snapshot | number>(
  bytes: Uint8Array,
): T {
  return JSON.parse(decoder.decode(bytes));
}

/** The subjects of a cluster. */
export class Subjects {
  readonly #cluster: string;

  /** Those of the cluster with this name. */
  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  /** What all nodes hear. */
  get news(): string {
    return `parley.${this.#cluster}.news`;
  }

  /** What one node hears: batches. */
  batches(node: number): string {
    return `parley.${this.#cluster}.node.${node}.batches`;
  }

  /** Where a node is asked for its clients. */
  clients(node: number): string {
    return `parley.${this.#cluster}.node.${node}.clients`;
  }

  /** Where a node is asked whether it is there. */
  ping(node: number): string {
    return `parley.${this.#cluster}.node.${node}.ping`;
  }

  /** Where `node` hears that nobody has taken its batch to `other`. */
  untaken(node: number, other: number | "*"): string {
    return `parley.${this.#cluster}.node.${node}.untaken.${other}`;
  }
}

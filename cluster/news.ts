import type { ListedClient } from "../protocol/mod.ts";

/** What a node says of itself, every so often. */
export interface NodeState {
  /** The node's number, which no other node ever has. */
  readonly id: number;
  readonly name: string;
  /** Where others reach it, as far as it knows: `HOST:PORT`. */
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
  /** The highest block that it knows to have been fetched, by any node. */
  readonly highestBlock: number;
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

/**
 * Reads news.
 *
 * @throws {TypeError} If these are none: NATS is open to more than nodes.
 */
export function decodeNews(bytes: Uint8Array): News {
  return check(bytes, isNews, "news");
}

/**
 * Reads a snapshot.
 *
 * @throws {TypeError} If this is none.
 */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  return check(bytes, isSnapshot, "a snapshot");
}

/**
 * Reads behind which number somebody wants a snapshot.
 *
 * @throws {TypeError} If this is none.
 */
export function decodeNumber(bytes: Uint8Array): number {
  return check(bytes, isUint32 as Check<number>, "a number");
}

/** Whether a value is what it is to be; the value comes from anybody. */
type Check<T = unknown> = (value: unknown) => value is T;

const isText = (value: unknown) => typeof value === "string";
const isFlag = (value: unknown) => typeof value === "boolean";
const isUint32 = (value: unknown) => isInteger(value, 0xffffffff);
const isCount = (value: unknown) => isInteger(value, Number.MAX_SAFE_INTEGER);

function isInteger(value: unknown, most: number): boolean {
  return Number.isInteger(value) && value as number >= 0 &&
    value as number <= most;
}

function listOf(isOne: (value: unknown) => boolean) {
  return (value: unknown) => Array.isArray(value) && value.every(isOne);
}

/** Whether a value is an object with these fields, at least. */
function objectOf(fields: Record<string, (value: unknown) => boolean>) {
  const entries = Object.entries(fields);
  return (value: unknown) =>
    typeof value === "object" && value !== null &&
    entries.every(([name, isOne]) =>
      isOne((value as Record<string, unknown>)[name])
    );
}

const isClient = objectOf({
  id: isUint32,
  address: isText,
  port: isUint32,
  connectedMs: isCount,
});

const isState = objectOf({
  id: isUint32,
  name: isText,
  address: isText,
  sinceMs: isCount,
  clients: isUint32,
  messagesPerSecond: isUint32,
  version: isCount,
  connection: isCount,
  blocks: listOf(isUint32),
  highestBlock: isUint32,
});

const KINDS: Record<string, (value: unknown) => boolean> = {
  who: () => true,
  state: objectOf({ state: isState }),
  changes: objectOf({
    id: isUint32,
    since: isCount,
    version: isCount,
    joined: listOf(isClient),
    left: listOf(isUint32),
  }),
  leaving: objectOf({ id: isUint32 }),
  gone: objectOf({ id: isUint32 }),
} satisfies Record<News["kind"], unknown>;

const isNews = ((value: unknown) => {
  const { kind = "" } = Object(value);
  return Object.hasOwn(KINDS, kind) && KINDS[kind]!(value);
}) as Check<News>;

const isSnapshot = objectOf({
  version: isCount,
  clients: listOf(isClient),
  more: isFlag,
}) as Check<Snapshot>;

function check<T>(bytes: Uint8Array, isIt: Check<T>, what: string): T {
  const text = decoder.decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Then it is nothing that there could be.
  }
  if (isIt(value)) return value;
  throw new TypeError(
    `Expected ${what}, got ${JSON.stringify(text.slice(0, 80))}`,
  );
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

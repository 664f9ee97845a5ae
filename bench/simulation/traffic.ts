import type { News } from "../../cluster/news.ts";
import { encodeJson } from "../../cluster/news.ts";
import { BLOCK_SIZE } from "../../cluster/blocks.ts";
import {
  Command,
  encodeFrame,
  FrameType,
  type ListedClient,
  listPage,
} from "../../protocol/mod.ts";
import { Random } from "../../tools/soak/random.ts";
import type { Plan } from "./plan.ts";

/** How often a node says that it is there, as in `cluster/presence.ts`. */
const STATE_SECONDS = 0.5;
/** How long who comes and who leaves is collected, likewise. */
const COLLECT_SECONDS = 0.05;
/** How many of them are told at once, and how many a page has, likewise. */
const CLIENTS_AT_ONCE = 2_000;

const SECONDS_AN_HOUR = 3600;
/** When clients have connected: any time of as many digits is as good. */
const CONNECTED_MS = 1_790_000_000_000;

/** Messages, and the bytes in them. */
export interface Amount {
  /** How many messages. */
  readonly messages: number;
  /** How many bytes they carry, without what NATS puts around them. */
  readonly bytes: number;
}

/** What goes over the wires of a simulated cluster. */
export interface Traffic {
  /** States that one node publishes in a second, on average. */
  readonly states: Amount;
  /** Comings and goings that one node publishes in a second, on average. */
  readonly changes: Amount;
  /** All that one node hears in a second: NATS gives it its own news, too. */
  readonly heard: Amount;
  /** All that NATS hands out in a second. */
  readonly handedOut: Amount;
  /** Comings and goings that one node hears of in a second. */
  readonly changesHeard: number;
  /** What a node that joins fetches, once. */
  readonly joining: Amount;
  /** The pages of the list that one node sends to its clients in a second. */
  readonly pages: Amount;
}

/** One node, with what it has not told yet. */
interface Node {
  readonly id: number;
  readonly blocks: readonly number[];
  readonly present: number[];
  version: number;
}

/**
 * Plays what the nodes of a cluster tell each other of themselves and of their
 * clients, and weighs it with the encoders that the nodes use.
 *
 * Clients come and leave independently of each other, at the same rate, so that
 * there are as many all the time; who leaves is anybody. Nobody is lost on the
 * way, no node joins or leaves. What has a message for a thousand clients, or
 * when somebody asks, is left out: blocks of numbers, and pings.
 */
export function simulate(plan: Plan): Traffic {
  const random = new Random(`${plan.seed}/traffic`);
  const draw = new Draw(random, plan);
  const nodes = Array.from(
    { length: plan.nodes },
    (_, i) => makeNode(i, plan, draw),
  );
  let states = NONE;
  let changes = NONE;
  let told = 0;
  for (const node of nodes) {
    states = sum(states, weigh(stateOf(node, plan), 1));
    for (const news of playChanges(node, plan, draw)) {
      changes = sum(changes, weigh(news, 1));
      told += news.joined.length + news.left.length;
    }
  }
  const perNode = (amount: Amount, seconds: number) =>
    times(amount, 1 / plan.nodes / seconds);
  const statesOfOne = perNode(states, STATE_SECONDS);
  const changesOfOne = perNode(changes, plan.seconds);
  const heard = times(sum(statesOfOne, changesOfOne), plan.nodes);
  return {
    states: statesOfOne,
    changes: changesOfOne,
    heard,
    handedOut: times(heard, plan.nodes),
    changesHeard: told / plan.seconds,
    joining: snapshots(plan, draw),
    pages: pages(plan, draw),
  };
}

/** Clients as chance makes them. */
class Draw {
  readonly #random: Random;
  readonly #address: string | undefined;

  constructor(random: Random, { address }: Plan) {
    this.#random = random;
    this.#address = address;
  }

  client(id: number): ListedClient {
    return {
      id,
      address: this.#address ?? this.#addressOfIts(),
      port: this.below(64_512) + 1024,
      connectedMs: CONNECTED_MS + this.below(1_000_000_000),
    };
  }

  below(limit: number): number {
    return this.#random.below(limit);
  }

  /** Whether who stays so long on average is there after this time. */
  stays(seconds: number, averageSeconds: number): boolean {
    return this.#random.chance(Math.exp(-seconds / averageSeconds));
  }

  /** How long until something happens that happens so often in a second. */
  wait(rate: number): number {
    return this.#random.interval(1 / rate);
  }

  #addressOfIts(): string {
    const byte = () => this.below(256);
    return `${byte()}.${byte()}.${byte()}.${byte()}`;
  }
}

/**
 * A node with its clients. At first there are as many as the plan has; then they
 * come and leave, and of each that has come chance says whether it is still
 * there. Blocks are fetched by all nodes in turn; of those that are used up a
 * node has the ones that somebody is still in.
 */
function makeNode(index: number, plan: Plan, draw: Draw): Node {
  const { nodes, clients, comings } = plan;
  const pastSeconds = plan.hours * SECONDS_AN_HOUR;
  const everBefore = clients + Math.floor(comings * pastSeconds);
  const staySeconds = clients / comings;
  const blockOfNth = (nth: number) =>
    1 + index + Math.floor(nth / BLOCK_SIZE) * nodes;
  const present: number[] = [];
  const blocks = new Set([blockOfNth(Math.max(0, everBefore - 1))]);
  for (let nth = everBefore - 1; nth >= 0; nth--) {
    const sinceSeconds = nth < clients
      ? pastSeconds
      : (everBefore - 1 - nth) / comings;
    // Of those before, not one in a thousand million is left.
    if (sinceSeconds > 21 * staySeconds) break;
    if (!draw.stays(sinceSeconds, staySeconds)) continue;
    const block = blockOfNth(nth);
    blocks.add(block);
    present.push((block - 1) * BLOCK_SIZE + 1 + nth % BLOCK_SIZE);
  }
  // How often it has told changes: at most once in COLLECT_SECONDS.
  const version = Math.floor(
    pastSeconds / (COLLECT_SECONDS + 1 / (2 * comings)),
  );
  return {
    id: 1 + index,
    blocks: [...blocks].reverse(),
    present: present.reverse(),
    version,
  };
}

function stateOf(node: Node, plan: Plan): News {
  return {
    kind: "state",
    state: {
      id: node.id,
      name: `node-${node.id}`,
      address: `127.0.0.1:${20_000 + node.id}`,
      sinceMs: CONNECTED_MS,
      clients: plan.clients,
      messagesPerSecond: 0,
      connection: 1,
      blocks: node.blocks,
      highestBlock: node.blocks.at(-1)!,
      version: node.version,
    },
  };
}

/** Has clients come to a node and leave it, and collects what it tells of that. */
function* playChanges(
  node: Node,
  { comings, seconds }: Plan,
  draw: Draw,
): Iterable<Extract<News, { kind: "changes" }>> {
  let joined = new Map<number, ListedClient>();
  let left: number[] = [];
  let due = Infinity;
  let next = node.present.at(-1) ?? 0;
  const tell = () => {
    const since = node.version++;
    const news = {
      kind: "changes" as const,
      id: node.id,
      since,
      version: node.version,
      joined: [...joined.values()],
      left,
    };
    joined = new Map();
    left = [];
    due = Infinity;
    return news;
  };
  let now = 0;
  while (comings > 0) {
    now += draw.wait(2 * comings);
    if (due <= now && due <= seconds) yield tell();
    if (now > seconds) return;
    if (draw.below(2) === 0) {
      joined.set(++next, draw.client(next));
      node.present.push(next);
    } else if (node.present.length > 0) {
      const at = draw.below(node.present.length);
      const gone = node.present[at]!;
      node.present[at] = node.present.at(-1)!;
      node.present.pop();
      joined.delete(gone);
      left.push(gone);
    } else {
      continue;
    }
    if (joined.size + left.length >= CLIENTS_AT_ONCE) yield tell();
    else if (due === Infinity) due = now + COLLECT_SECONDS;
  }
}

/** What a node that joins fetches from all that are there. */
function snapshots(plan: Plan, draw: Draw): Amount {
  let all = NONE;
  for (let index = 0; index < plan.nodes - 1; index++) {
    const { present, version } = makeNode(index, plan, draw);
    for (let at = 0; at === 0 || at < present.length; at += CLIENTS_AT_ONCE) {
      const ids = present.slice(at, at + CLIENTS_AT_ONCE);
      const more = at + CLIENTS_AT_ONCE < present.length;
      const clients = ids.map((id) => draw.client(id));
      const { length } = encodeJson({ version, clients, more });
      all = sum(all, { messages: 1, bytes: length });
    }
  }
  return all;
}

/** Pages of the list, from anywhere in it. */
function pages({ pages, pageSize, nodes, clients }: Plan, draw: Draw): Amount {
  const size = Math.min(pageSize, nodes * clients);
  const page = {
    more: true,
    clients: Array.from({ length: size }, (_, i) => draw.client(i + 1)),
  };
  const header = {
    type: FrameType.response,
    command: Command.list,
    status: 0,
    id: 1,
  };
  const { length } = encodeFrame(header, listPage, page);
  return { messages: pages, bytes: pages * length };
}

const NONE: Amount = { messages: 0, bytes: 0 };

function weigh(news: News, count: number): Amount {
  return { messages: count, bytes: count * encodeJson(news).length };
}

function sum(a: Amount, b: Amount): Amount {
  return { messages: a.messages + b.messages, bytes: a.bytes + b.bytes };
}

function times({ messages, bytes }: Amount, factor: number): Amount {
  return { messages: messages * factor, bytes: bytes * factor };
}

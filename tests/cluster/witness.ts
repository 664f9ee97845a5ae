import { assertEquals } from "@std/assert";
import {
  Command,
  decodePayload,
  empty,
  type Encoder,
  type Frame,
  FrameType,
  listPage,
  listQuery,
  type NodeEntry,
  nodeList,
  Status,
} from "../../protocol/mod.ts";
import { until } from "../end_to_end/until.ts";
import {
  frameOf,
  type GreetedPeer,
  RawPeer,
  refusalOf,
} from "../server/raw_peer.ts";

/** The list as a node tells it. */
export interface Listing {
  /** The numbers, in the order in which they came. */
  readonly ids: readonly number[];
  /** The sentence about nodes that are missing, if any are. */
  readonly missing?: string;
}

/** A client that asks a node again and again who is there. */
export class Witness implements Disposable {
  readonly #peer: GreetedPeer;
  #lastId = 0;

  private constructor(peer: GreetedPeer) {
    this.#peer = peer;
  }

  /** Connects to the node on `port`. */
  static async connect(port: number): Promise<Witness> {
    return new Witness(await RawPeer.connect(port));
  }

  /** Its own number, which is on the list, too. */
  get id(): number {
    return this.#peer.id;
  }

  /** All pages of the list, to its end: the last one, or the refusal. */
  async list(): Promise<Listing> {
    const ids: number[] = [];
    for (;;) {
      const query = { after: ids.at(-1) ?? 0, limit: 0 };
      const answer = await this.#ask(Command.list, listQuery, query);
      if (answer.status !== Status.ok) {
        const { status, why } = refusalOf(answer);
        assertEquals(status, Status.incomplete, why);
        return { ids, missing: why };
      }
      const { clients, more } = decodePayload(answer, listPage);
      ids.push(...clients.map(({ id }) => id));
      if (!more) return { ids };
    }
  }

  /** What the node says of all nodes. */
  async nodes(): Promise<readonly NodeEntry[]> {
    const answer = await this.#ask(Command.nodes, empty, undefined);
    assertEquals(answer.status, Status.ok);
    return decodePayload(answer, nodeList);
  }

  /** Waits until these and nobody else are on the list, and nobody misses. */
  async sees(ids: readonly number[]): Promise<void> {
    const expected = [...ids].sort((a, b) => a - b).join();
    await this.listed(
      `${expected} on the list`,
      (listing) =>
        listing.missing === undefined && listing.ids.join() === expected,
    );
  }

  /** Waits until the list is as `holds` wants it. */
  async listed(
    what: string,
    holds: (listing: Listing) => boolean,
  ): Promise<Listing> {
    let listing: Listing = { ids: [] };
    try {
      await until(what, async () => {
        listing = await this.list();
        return holds(listing);
      });
      return listing;
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`${message}, got ${JSON.stringify(listing)}`);
    }
  }

  /** Waits until the nodes are as `holds` wants them. */
  async knows(
    what: string,
    holds: (nodes: readonly NodeEntry[]) => boolean,
  ): Promise<readonly NodeEntry[]> {
    let nodes: readonly NodeEntry[] = [];
    try {
      await until(what, async () => {
        nodes = await this.nodes();
        return holds(nodes);
      });
      return nodes;
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`${message}, got ${JSON.stringify(nodes)}`);
    }
  }

  /** Closes. */
  [Symbol.dispose](): void {
    this.#peer.close();
  }

  /** Asks, and answers the pings that come in between. */
  async #ask<T>(
    command: number,
    layout: Encoder<T>,
    value: T,
  ): Promise<Frame> {
    const id = ++this.#lastId;
    await this.#peer.write(frameOf({ command, id }, layout, value));
    for (;;) {
      const frame = await this.#peer.next();
      if (frame.type === FrameType.response && frame.id === id) return frame;
      assertEquals(frame.command, Command.ping);
      await this.#peer.confirm(frame);
    }
  }
}

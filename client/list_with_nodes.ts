import type { ListedClient, NodeEntry } from "../protocol/mod.ts";
import type { Client, RequestOptions } from "./client.ts";
import { type KnownClients, listKnown } from "./list_known.ts";
import { RefusedError } from "./refused_error.ts";

/** A client of the list, and where it is. */
export interface PlacedClient extends ListedClient {
  /**
   * The name of the node that it is connected to; empty if none says that the
   * number is its own. Not there where there is one node only.
   */
  readonly node?: string;
}

/** The clients that are known, and where they are. */
export interface PlacedClients extends KnownClients {
  readonly clients: readonly PlacedClient[];
}

/**
 * Asks for the clients and, where several servers act as one, for the node of
 * each.
 */
export async function listWithNodes(
  client: Client,
  options: RequestOptions,
): Promise<PlacedClients> {
  const [{ clients, incomplete }, nodes] = await Promise.all([
    listKnown(client, options),
    nodesIfAny(client, options),
  ]);
  if (nodes.length < 2) return { clients, incomplete };
  const placed = clients.map((client) => ({
    ...client,
    node: nodeOf(client.id, nodes)?.name ?? "",
  }));
  return { clients: placed, incomplete };
}

/** A server that has no answer, as older ones have none, is taken for one. */
async function nodesIfAny(
  client: Client,
  options: RequestOptions,
): Promise<readonly NodeEntry[]> {
  try {
    return await client.nodes(options);
  } catch (error) {
    if (error instanceof RefusedError) return [];
    throw error;
  }
}

function nodeOf(
  id: number,
  nodes: readonly NodeEntry[],
): NodeEntry | undefined {
  return nodes.find(({ ranges }) =>
    ranges.some(({ first, last }) => first <= id && id <= last)
  );
}

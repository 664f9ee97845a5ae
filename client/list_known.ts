import type { ListedClient } from "../protocol/mod.ts";
import type { Client, RequestOptions } from "./client.ts";
import { IncompleteListError } from "./incomplete_list_error.ts";

/** The clients that are known. */
export interface KnownClients {
  /** The clients, by ascending number. */
  readonly clients: readonly ListedClient[];
  /** Why these are not all, if they are not. */
  readonly incomplete: IncompleteListError | undefined;
}

/** Asks for all clients, and makes do with those that are known. */
export async function listKnown(
  client: Client,
  options: RequestOptions,
): Promise<KnownClients> {
  try {
    return { clients: await client.list(options), incomplete: undefined };
  } catch (error) {
    if (!(error instanceof IncompleteListError)) throw error;
    return { clients: error.clients, incomplete: error };
  }
}

import { type ListedClient, Status } from "../protocol/mod.ts";
import { RefusedError } from "./refused_error.ts";

/**
 * The list does not have everybody: one of the servers that act as one does not
 * answer. The message names it.
 */
export class IncompleteListError extends RefusedError {
  /** The name of the class. */
  override readonly name = "IncompleteListError";
  /** The clients of the servers that answer. */
  readonly clients: readonly ListedClient[];

  /** Makes the error. */
  constructor(sentence: string, clients: readonly ListedClient[]) {
    super(Status.incomplete, sentence);
    this.clients = clients;
  }
}

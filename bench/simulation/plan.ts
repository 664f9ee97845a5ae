/** What a simulated cluster is like. */
export interface Plan {
  /** How many nodes. */
  readonly nodes: number;
  /** How many clients each of them has, all the time. */
  readonly clients: number;
  /** How many clients come to each node in a second; as many leave it. */
  readonly comings: number;
  /** How many pages of the list each node is asked for in a second. */
  readonly pages: number;
  /** How many clients a page has at most. */
  readonly pageSize: number;
  /** For how long the clients have come and gone, in hours. */
  readonly hours: number;
  /** How long is simulated, in seconds. */
  readonly seconds: number;
  /** The same seed, the same chance. */
  readonly seed: string;
  /**
   * The address that all clients come from.
   *
   * @default {of IPv4, each its own}
   */
  readonly address?: string;
}

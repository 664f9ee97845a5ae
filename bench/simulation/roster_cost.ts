/** What a node's copy of all clients was measured to cost. */
export interface RosterCost {
  /** How many clients are in it. */
  readonly clients: number;
  /** What the process has more than before, in bytes. */
  readonly residentBytes: number;
  /** What of that is V8's heap, after a collection, in bytes. */
  readonly heapBytes: number;
  /** How long it takes to read and keep all of them, in milliseconds. */
  readonly fetchMs: number;
  /** Likewise for one that comes or leaves, in microseconds. */
  readonly changeMicroseconds: number;
  /** How long it takes to cut a page of 2,000, in microseconds. */
  readonly pageMicroseconds: number;
}

/** Something that came over a {@linkcode Bus}. */
export interface BusMessage {
  /** What it was published under. */
  readonly subject: string;
  /** What was published; good only during the call. */
  readonly bytes: Uint8Array;
  /** Whether it is no message, but says that nobody has taken one. */
  readonly noResponders: boolean;
  /** Answers it, if it wants to be answered. */
  respond(bytes: Uint8Array): void;
}

/**
 * What joins the nodes of a cluster: everybody hears what is published under a
 * subject that he has subscribed to, in the order in which one node has published
 * it. What is published while there is no connection is lost.
 */
export interface Bus extends AsyncDisposable {
  /** Whether there is a connection now. */
  readonly connected: boolean;
  /** The most bytes that can be published at once. */
  readonly maxPayload: number;
  /** Calls `onMessage` with all that is published under a subject. */
  subscribe(subject: string, onMessage: (message: BusMessage) => void): void;
  /**
   * Publishes something. With `replyTo`, that subject hears it if there is nobody
   * who subscribes to `subject`.
   */
  publish(subject: string, bytes: Uint8Array, replyTo?: string): void;
  /**
   * Asks whoever subscribes to a subject.
   *
   * @throws {Error} If nobody does, or no answer comes in time.
   */
  request(
    subject: string,
    bytes: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array>;
  /**
   * Counts on, for all nodes together: no number is given twice.
   *
   * @throws {Error} If there is no connection.
   */
  next(): Promise<number>;
  /** Called when the connection is lost, with why, and when it is back. */
  onChange: (connected: boolean, why: string) => void;
}

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

/** Something that has gone wrong on a bus, which goes on. */
export interface BusTrouble {
  /**
   * `refused`: this node may not do something that it has to do. `nonsense`:
   * somebody has published what no node does; it was passed over.
   */
  readonly kind: "refused" | "nonsense";
  /** What it was, in a sentence. */
  readonly what: string;
}

/**
 * What joins the nodes of a cluster: everybody hears what is published under a
 * subject that he has subscribed to, in the order in which one node has published
 * it. What is published while there is no connection is lost. What was published
 * just before one was lost may still come, later than what is published on the
 * next.
 */
export interface Bus extends AsyncDisposable {
  /** Whether there is a connection now. */
  readonly connected: boolean;
  /** Which connection this is, or was last; they are counted from 1. */
  readonly connection: number;
  /** The IP address that this node has for the bus, if that is known. */
  readonly ownAddress: string | undefined;
  /** The most bytes that can be published at once. */
  readonly maxPayload: number;
  /**
   * Calls `onMessage` with all that is published under a subject. A message that
   * it throws an error at is passed over, and told of as `nonsense`.
   */
  subscribe(subject: string, onMessage: (message: BusMessage) => void): void;
  /**
   * Publishes something; what cannot be is told of as `refused`. With `replyTo`,
   * that subject hears it if there is nobody who subscribes to `subject`.
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
   * Counts on, for all nodes together: gives a number that is greater than
   * `above`, and that nobody has been given or will be. Only if what has been
   * counted is lost does it begin anew, with the first number above `above`.
   *
   * @throws {Error} If there is no connection.
   */
  next(above: number): Promise<number>;
  /** Called when the connection is lost, with why, and when it is back. */
  onChange: (connected: boolean, why: string) => void;
  /** Called when something has gone wrong, and it goes on. */
  onTrouble: (trouble: BusTrouble) => void;
}

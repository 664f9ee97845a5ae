import type { Bus, BusMessage, BusTrouble } from "../../cluster/bus.ts";

/** A subject that someone has subscribed to; the last part may be `*`. */
interface Subscription {
  readonly end: MemoryBus;
  readonly pattern: RegExp;
  readonly onMessage: (message: BusMessage) => void;
}

/** What joins all the ends of one bus in memory. */
export class MemoryHub {
  readonly #subscriptions: Subscription[] = [];
  #count = 0;
  /** Everything that was published, for tests to look at. */
  readonly published: { subject: string; bytes: Uint8Array }[] = [];
  /** Returns whether a message is lost on its way. */
  loses: (subject: string) => boolean = () => false;

  /** Counts from the beginning, as NATS that has lost its store. */
  forget(): void {
    this.#count = 0;
  }

  /** Another end. */
  join(): MemoryBus {
    return new MemoryBus(this);
  }

  /** For the ends themselves. */
  add(subscription: Subscription): void {
    this.#subscriptions.push(subscription);
  }

  /** For the ends themselves. */
  remove(end: MemoryBus): void {
    for (let i = this.#subscriptions.length; i-- > 0;) {
      if (this.#subscriptions[i]!.end === end) this.#subscriptions.splice(i, 1);
    }
  }

  /** For the ends themselves: hands a message to all who want it, later. */
  publish(subject: string, bytes: Uint8Array, replyTo?: string): void {
    this.published.push({ subject, bytes });
    if (this.loses(subject)) return;
    const takers = this.#subscriptions.filter(({ end, pattern }) =>
      end.connected && pattern.test(subject)
    );
    const copy = bytes.slice();
    queueMicrotask(() => {
      if (takers.length === 0 && replyTo !== undefined) {
        this.#untaken(replyTo);
      }
      for (const { end, onMessage } of takers) {
        if (!end.connected) continue;
        const respond = (answer: Uint8Array) => {
          if (replyTo !== undefined) this.publish(replyTo, answer);
        };
        try {
          onMessage({ subject, bytes: copy, noResponders: false, respond });
        } catch (error) {
          const what = (error as Error).message;
          end.onTrouble({ kind: "nonsense", what });
        }
      }
    });
  }

  /** For the ends themselves. */
  next(above: number): number {
    this.#count = Math.max(this.#count, above) + 1;
    return this.#count;
  }

  #untaken(subject: string): void {
    for (const { end, pattern, onMessage } of this.#subscriptions) {
      if (!end.connected || !pattern.test(subject)) continue;
      const bytes = new Uint8Array(0);
      onMessage({ subject, bytes, noResponders: true, respond() {} });
    }
  }
}

/** One node's end of a bus in memory, whose connection a test can cut. */
export class MemoryBus implements Bus {
  connected = true;
  connection = 1;
  ownAddress: string | undefined;
  readonly maxPayload = 1024 * 1024;
  onChange: (connected: boolean, why: string) => void = () => {};
  onTrouble: (trouble: BusTrouble) => void = () => {};
  readonly #hub: MemoryHub;
  #lastReply = 0;

  /** For the hub itself. */
  constructor(hub: MemoryHub) {
    this.#hub = hub;
  }

  /** Cuts the connection; the node is told. */
  cut(): void {
    this.connected = false;
    this.onChange(false, "it was cut");
  }

  /** Mends it; the node is told. */
  mend(): void {
    this.connected = true;
    this.connection++;
    this.onChange(true, "it was mended");
  }

  /** As if the node's process had been killed: nobody is told anything. */
  kill(): void {
    this.connected = false;
    this.#hub.remove(this);
  }

  subscribe(subject: string, onMessage: (message: BusMessage) => void): void {
    const pattern = new RegExp(
      `^${subject.replaceAll(".", "\\.").replace("*", "[^.]+")}$`,
    );
    this.#hub.add({ end: this, pattern, onMessage });
  }

  publish(subject: string, bytes: Uint8Array, replyTo?: string): void {
    if (this.connected) this.#hub.publish(subject, bytes, replyTo);
  }

  async request(
    subject: string,
    bytes: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const replyTo = `reply.${crypto.randomUUID()}.${++this.#lastReply}`;
    this.subscribe(replyTo, ({ bytes, noResponders }) => {
      if (noResponders) reject(new Error("nobody is there"));
      else resolve(bytes);
    });
    const timer = setTimeout(() => reject(new Error("timeout")), timeoutMs);
    this.publish(subject, bytes, replyTo);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  next(above: number): Promise<number> {
    return this.connected
      ? Promise.resolve(this.#hub.next(above))
      : Promise.reject(new Error("NATS cannot be reached"));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    return Promise.resolve();
  }
}

import {
  authenticate,
  Command,
  commandName,
  decodePayload,
  type Decoder,
  empty,
  type Encoder,
  encodeToken,
  fault,
  FIRST_ENTRY_OFFSET,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  type Hello,
  hello,
  type ListedClient,
  type ListPage,
  listPage,
  listQuery,
  MAX_TEXT,
  name,
  type NodeEntry,
  nodeList,
  PAYLOAD_MARGIN,
  ProtocolError,
  ProtocolErrorCode,
  refusal,
  send,
  sentence,
  Status,
  statusName,
  type Time,
  time,
  TYPE_OFFSET,
} from "../protocol/mod.ts";
import {
  ExpiryQueue,
  type GiveUpReason,
  Link,
  Question,
  type Tap,
  TimerWheel,
  type Transport,
} from "../link/mod.ts";
import { type Closing, closingError, describeEnd, failure } from "./closing.ts";
import { connectError, ConnectionError } from "./connection_error.ts";
import { Inbox, type Message, type MessageHandler } from "./inbox.ts";
import { IncompleteListError } from "./incomplete_list_error.ts";
import { MessageIterator } from "./message_iterator.ts";
import { openConnection, type TlsOptions } from "./open_connection.ts";
import { RefusedError } from "./refused_error.ts";

/** What a client accepts from any server, in bytes. */
const MAX_PAYLOAD = MAX_TEXT + PAYLOAD_MARGIN;

/** How long the server may take to answer a goodbye, in milliseconds. */
const GOODBYE_TIMEOUT_MS = 2_000;
const encoder = new TextEncoder();

/** How to connect. */
export interface ConnectOptions {
  /**
   * The server's IP address or host name.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string;
  /**
   * The server's TCP port.
   *
   * @default {2203}
   */
  readonly port?: number;
  /** Gives up connecting when aborted. Later it has no effect. */
  readonly signal?: AbortSignal;
  /**
   * How long connecting may take, to the server's hello and its yes to the
   * token, and how long the server may take to answer a request, in
   * milliseconds. *Send* may take the server's delivery timeout besides.
   *
   * @default {10000}
   */
  readonly timeoutMs?: number;
  /**
   * The token for a server that wants one: 1 to 1,024 bytes, or a text, whose
   * UTF-8 is meant. A server that wants none is not given it. Without TLS
   * everybody whom the bytes pass can read it.
   */
  readonly token?: string | Uint8Array;
  /**
   * Whether to encrypt with TLS, and whom to trust. The server's certificate has
   * to be for {@linkcode ConnectOptions.hostname}.
   *
   * @default {false}
   */
  readonly tls?: boolean | TlsOptions;
  /**
   * How long the server may be quiet until it is asked whether it is there, in
   * milliseconds; 0 never asks.
   *
   * @default {10000}
   */
  readonly pingIntervalMs?: number;
  /**
   * How long the server may be quiet after that until the connection counts as
   * lost, in milliseconds.
   *
   * @default {5000}
   */
  readonly pingTimeoutMs?: number;
  /** Looks at the connection's bytes: a {@linkcode Capture}, say. */
  readonly tap?: Tap;
}

/** The times of {@linkcode ConnectOptions} that hold where none are given. */
export const DEFAULT_TIMES: Required<
  Pick<ConnectOptions, "timeoutMs" | "pingIntervalMs" | "pingTimeoutMs">
> = { timeoutMs: 10_000, pingIntervalMs: 10_000, pingTimeoutMs: 5_000 };

/** What every request can be told. */
export interface RequestOptions {
  /** Stops waiting for the answer. What was asked is done all the same. */
  readonly signal?: AbortSignal;
}

/** How a *send* ended. */
export type Delivery =
  | {
    /** The receiver has confirmed the message. */
    readonly delivered: true;
    /** From sending it to the answer, in milliseconds. */
    readonly ms: number;
  }
  | {
    /** The receiver has not confirmed the message. */
    readonly delivered: false;
    /** From sending it to the answer, in milliseconds. */
    readonly ms: number;
    /** Why, as the status's name: `unknown-number`, `not-confirmed` … */
    readonly reason: string;
    /** The same in a sentence for people. */
    readonly why: string;
  };

/**
 * A connection to a server.
 *
 * Requests may be made without waiting for the one before; each is a promise
 * that rejects with a {@linkcode RefusedError} if the server says no, and with
 * a {@linkcode ConnectionError} if no answer comes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { serve } from "../server/mod.ts";
 *
 * await using server = await serve({ port: 0, name: "lab" });
 * await using alice = await Client.connect({ port: server.port });
 * await using bob = await Client.connect({ port: server.port });
 * const messages = bob.messages();
 *
 * const sent = alice.send(bob.id, "hello");
 * const { value } = await messages.next();
 * assertEquals(value?.from, alice.id);
 * assertEquals(value?.text, "hello");
 * assertEquals((await sent).delivered, true);
 * ```
 */
export class Client implements AsyncDisposable {
  readonly #link: Link;
  readonly #inbox: Inbox;
  readonly #patience: ExpiryQueue;
  #sendPatience: ExpiryQueue;
  readonly #wheel = new TimerWheel();
  readonly #greeted = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<Closing>();
  #hello: Hello | undefined;
  /** How the connection ends, as soon as one side has said so. */
  #farewell: Closing | undefined;

  private constructor(transport: Transport, options: ConnectOptions) {
    const {
      timeoutMs,
      pingIntervalMs,
      pingTimeoutMs,
    } = { ...DEFAULT_TIMES, ...options };
    this.#link = new Link({
      transport,
      limits: { maxPayload: MAX_PAYLOAD },
      watch: { wheel: this.#wheel, pingIntervalMs, pingTimeoutMs },
    });
    this.#inbox = new Inbox(this.#link);
    this.#patience = new ExpiryQueue(timeoutMs);
    this.#sendPatience = new ExpiryQueue(timeoutMs);
  }

  /**
   * Connects to a server, waits for its hello, and gives it the token that it
   * wants.
   *
   * @throws {ConnectionError} If nobody listens there, or whoever does is not a
   * Parley server, or one that cannot be trusted, or it takes nobody in; the
   * message says what to do.
   * @throws {RefusedError} If the token is not the server's.
   * @throws {RangeError} If the token cannot be one.
   */
  static async connect(options: ConnectOptions = {}): Promise<Client> {
    const { hostname = "127.0.0.1", port = 2203 } = options;
    const { timeoutMs } = { ...DEFAULT_TIMES, ...options };
    const token = options.token === undefined
      ? undefined
      : encodeToken(options.token);
    const tls = options.tls === true ? {} : options.tls || undefined;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any(
      options.signal ? [options.signal, timeout] : [timeout],
    );
    let client: Client | undefined;
    try {
      const where = { hostname, port, tls, signal, tap: options.tap };
      client = new Client(await openConnection(where), options);
      await client.#begin(token, signal);
      return client;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof RefusedError) throw error;
      const cause = timeout.aborted && !(error instanceof ConnectionError)
        ? new ConnectionError(`no answer came within ${timeoutMs / 1000} s`)
        : error;
      // A server that waits for TLS to begin says nothing before.
      const hint = tls === undefined && client?.reads === 0
        ? "Does the server want --tls?"
        : "";
      throw connectError(cause, hostname, port, hint);
    }
  }

  /** This client's number. */
  get id(): number {
    return this.#greeting.id;
  }

  /** What the server said first: its name, its limits. */
  get hello(): Hello {
    return this.#greeting;
  }

  /** How many reads of the socket have brought bytes so far. */
  get reads(): number {
    return this.#link.reads;
  }

  /** Resolves when the connection is closed, to how. It never rejects. */
  get closed(): Promise<Closing> {
    return this.#closed.promise;
  }

  /** Asks for the server's current time. */
  time(options: RequestOptions = {}): Promise<Time> {
    return this.#request(Command.time, empty, undefined, time, options);
  }

  /** Asks for the name of the server's machine. */
  name(options: RequestOptions = {}): Promise<string> {
    return this.#request(Command.name, empty, undefined, name, options);
  }

  /** Asks for the servers that act as one, the one that answers among them. */
  nodes(options: RequestOptions = {}): Promise<readonly NodeEntry[]> {
    return this.#request(Command.nodes, empty, undefined, nodeList, options);
  }

  /**
   * Asks for all clients that are connected, this one among them.
   *
   * @throws {IncompleteListError} If one of several servers that act as one does
   * not answer; the error has the clients of the others.
   */
  async list(options: RequestOptions = {}): Promise<ListedClient[]> {
    const clients: ListedClient[] = [];
    for (;;) {
      const after = clients.at(-1)?.id ?? 0;
      const page = await this.#request(
        Command.list,
        listQuery,
        { after, limit: 0 },
        { decode: (payload) => pageAfter(after, listPage.decode(payload)) },
        options,
      ).catch((error) => {
        throw error instanceof RefusedError &&
            error.status === Status.incomplete
          ? new IncompleteListError(error.message, clients)
          : error;
      });
      clients.push(...page.clients);
      if (!page.more || page.clients.length === 0) return clients;
    }
  }

  /**
   * Sends a text to the client with the number `to`, and waits until it is
   * certain whether it was delivered: whether the receiver has confirmed it.
   *
   * @throws {ConnectionError} If the connection is lost before that is known.
   */
  async send(
    to: number,
    text: string,
    options: RequestOptions = {},
  ): Promise<Delivery> {
    if (!Number.isInteger(to) || to < 0 || to > 0xffffffff) {
      throw new RangeError(`Expected a client's number, got ${to}`);
    }
    const startMs = performance.now();
    const bytes = encoder.encode(text);
    const { maxText } = this.#greeting;
    try {
      if (bytes.length > maxText) {
        throw new RefusedError(
          Status.textTooLong,
          `A text may have ${maxText} bytes, this one has ${bytes.length}`,
        );
      }
      const value = { to, text: bytes };
      await this.#request(Command.send, send, value, empty, options);
      return { delivered: true, ms: performance.now() - startMs };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return {
        delivered: false,
        ms: performance.now() - startMs,
        reason: statusName(error.status),
        why: error.message,
      };
    }
  }

  /** Asks whether the server is there; resolves to how long it took, in ms. */
  async ping(options: RequestOptions = {}): Promise<number> {
    const startMs = performance.now();
    await this.#request(Command.ping, empty, undefined, empty, options);
    return performance.now() - startMs;
  }

  /**
   * Handles the messages that come from now on, one after the other. A sender
   * is told that its message was delivered when `handler` has returned, or its
   * promise has resolved; that it was not, when it has thrown. While nobody
   * handles messages their senders are told that, too.
   *
   * @throws {TypeError} If messages are handled already.
   */
  receive(handler: MessageHandler): void {
    if (this.#inbox.handler !== undefined) {
      throw new TypeError("Expected nobody to handle messages yet");
    }
    this.#inbox.handler = handler;
  }

  /**
   * The messages that come from now on, until the connection is closed. A
   * message is confirmed when the loop takes it.
   *
   * The loop ends when one side has left in good order; it throws a
   * {@linkcode ConnectionError} when the connection is lost.
   *
   * @throws {TypeError} If messages are handled already.
   */
  messages(): AsyncIterableIterator<Message> {
    const iterator = new MessageIterator(() => {
      this.#inbox.handler = undefined;
    });
    this.receive((message) => iterator.offer(message));
    this.closed.then((closing) => iterator.end(failure(closing)));
    return iterator;
  }

  /**
   * Says goodbye, waits until the server has answered it and everything asked
   * before, for two seconds at most, and closes.
   */
  async disconnect(text = "leaving"): Promise<void> {
    if (this.#farewell === undefined && this.#link.open) {
      this.#farewell = { how: "disconnected", why: text };
      using patience = new ExpiryQueue(GOODBYE_TIMEOUT_MS);
      await new Promise<void>((resolve) =>
        this.#link.ask(
          FrameType.indication,
          Command.goodbye,
          goodbye,
          { reason: GoodbyeReason.leaving, text: sentence(text) },
          patience,
          new Waiting({ answer: () => resolve(), giveUp: () => resolve() }),
        )
      );
      this.#link.end();
    }
    await this.closed;
  }

  /** Disconnects. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  get #greeting(): Hello {
    if (this.#hello === undefined) throw new TypeError("No hello has come yet");
    return this.#hello;
  }

  /** Starts to read, and waits to be let in until `signal` is aborted. */
  async #begin(
    token: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const giveUp = () => {
      this.#link.end();
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp);
    this.#run();
    if (signal.aborted) giveUp();
    await Promise.race([this.#enter(token), aborted])
      .finally(() => signal.removeEventListener("abort", giveUp));
  }

  /** Waits for the hello, and gives the token if it wants one. */
  async #enter(token: Uint8Array | undefined): Promise<void> {
    const closing = await Promise.race([this.#greeted.promise, this.closed]);
    if (closing) throw closingError(closing);
    if (!this.#greeting.tokenWanted) return;
    if (token === undefined) {
      await this.disconnect("no token");
      throw new ConnectionError(
        "the server wants a token; give it with --token-file",
        { permanent: true },
      );
    }
    try {
      await this.#request(
        Command.authenticate,
        authenticate,
        token,
        empty,
        {},
      );
    } catch (error) {
      await this.disconnect("not let in");
      throw await this.#notLetIn(error);
    }
  }

  /** Why the token did not open the door, given what came of the request. */
  async #notLetIn(error: unknown): Promise<unknown> {
    if (error instanceof RefusedError) {
      return error.status === Status.wrongToken
        ? new RefusedError(
          error.status,
          "The server does not take the token; give the server's own with " +
            `--token-file (${error.message})`,
        )
        : new ConnectionError(`the server lets nobody in: ${error.message}`);
    }
    const closing = await this.closed;
    return closing.how === "disconnected" ? error : closingError(closing);
  }

  async #run(): Promise<void> {
    const end = await this.#link.run((frame) => this.#receive(frame));
    this.#farewell ??= describeEnd(end);
    // Whoever is silent takes nothing more either.
    if (end.kind === "silent") this.#link.close();
    await this.#link.end();
    this.#inbox.handler = undefined;
    this.#patience[Symbol.dispose]();
    this.#sendPatience[Symbol.dispose]();
    this.#wheel[Symbol.dispose]();
    this.#closed.resolve(this.#farewell);
  }

  #receive(frame: Frame): void {
    if (frame.type === FrameType.request) {
      throw unexpected(frame, "a request", TYPE_OFFSET);
    }
    if (this.#hello === undefined) return this.#receiveHello(frame);
    switch (frame.command) {
      case Command.message:
        return this.#inbox.receive(frame);
      case Command.goodbye:
        return this.#takeGoodbye(frame);
      case Command.error:
        return this.#takeFault(frame);
      case Command.hello:
        throw unexpected(frame, "a second hello");
    }
    // Indications that this version does not know are for later ones.
  }

  #receiveHello(frame: Frame): void {
    if (frame.command === Command.error) return this.#takeFault(frame);
    if (frame.command === Command.goodbye) return this.#takeGoodbye(frame);
    if (frame.command !== Command.hello) {
      throw unexpected(frame, commandName(frame.command));
    }
    this.#hello = decodePayload(frame, hello);
    const timeoutMs = this.#patience.timeoutMs + this.#hello.deliveryTimeoutMs;
    this.#sendPatience = new ExpiryQueue(timeoutMs);
    this.#greeted.resolve();
  }

  #takeGoodbye(frame: Frame): void {
    const { reason, text } = decodePayload(frame, goodbye);
    this.#leave({ how: "goodbye", why: text, reason });
  }

  #takeFault(frame: Frame): void {
    this.#leave({ how: "fault", why: decodePayload(frame, fault).text });
  }

  #leave(closing: Closing): void {
    this.#farewell ??= closing;
    this.#link.end();
  }

  #request<V, T>(
    command: Command,
    encoder: Encoder<V>,
    value: V,
    decoder: Decoder<T>,
    { signal }: RequestOptions,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (signal?.aborted || this.#farewell !== undefined) {
      reject(
        signal?.aborted
          ? signal.reason
          : this.#unanswered(command, "closed", 0),
      );
      return promise;
    }
    const type = command === Command.ping
      ? FrameType.indication
      : FrameType.request;
    const patience = command === Command.send
      ? this.#sendPatience
      : this.#patience;
    const id = this.#link.ask(
      type,
      command,
      encoder,
      value,
      patience,
      new Waiting({
        answer: (response) => {
          signal?.removeEventListener("abort", abort);
          try {
            if (response.status !== Status.ok) {
              const why = decodePayload(response, refusal);
              throw new RefusedError(response.status, why);
            }
            resolve(decodePayload(response, decoder));
          } catch (error) {
            reject(error);
            if (error instanceof ProtocolError) throw error;
          }
        },
        giveUp: (why) => {
          signal?.removeEventListener("abort", abort);
          // How the link has ended is known by then.
          queueMicrotask(() =>
            reject(this.#unanswered(command, why, patience.timeoutMs))
          );
        },
      }),
    );
    const abort = () => {
      this.#link.withdraw(id);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    return promise;
  }

  #unanswered(
    command: Command,
    why: GiveUpReason,
    timeoutMs: number,
  ): ConnectionError {
    const asked = commandName(command);
    if (why === "timeout") {
      const seconds = timeoutMs / 1000;
      return new ConnectionError(
        `The server did not answer ${asked} within ${seconds} s`,
      );
    }
    const reason = this.#farewell?.why ?? "the connection was lost";
    return new ConnectionError(`No answer to ${asked}: ${reason}`);
  }
}

/** A page whose numbers ascend from `after` on, or a list would never end. */
function pageAfter(after: number, page: ListPage): ListPage {
  let last = after;
  for (const { id } of page.clients) {
    if (id <= last) {
      throw new ProtocolError(
        ProtocolErrorCode.badPayload,
        FIRST_ENTRY_OFFSET,
        `Expected a page of ascending numbers, got ${id} behind ${last}`,
      );
    }
    last = id;
  }
  return page;
}

function unexpected(frame: Frame, what: string, field = 0): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.outOfOrder,
    frame.offset + field,
    `Expected hello first and once, and indications and answers, got ${what}`,
  );
}

/** Somebody who waits for an answer, as two functions. */
class Waiting extends Question {
  override readonly answer: (response: Frame) => void;
  override readonly giveUp: (why: GiveUpReason) => void;

  constructor(
    { answer, giveUp }: {
      answer: (response: Frame) => void;
      giveUp: (why: GiveUpReason) => void;
    },
  ) {
    super();
    this.answer = answer;
    this.giveUp = giveUp;
  }
}

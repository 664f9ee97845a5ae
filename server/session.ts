import {
  Command,
  commandName,
  decodePayload,
  empty,
  encodeOrigin,
  type Encoder,
  fault,
  formatAddress,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  hello,
  parseAddress,
  ProtocolError,
  sentence,
  Status,
  statusName,
  VERSION,
} from "../protocol/mod.ts";
import { Link, type LinkEnd, type Transport } from "../link/mod.ts";
import type { LeftEvent } from "./events.ts";
import type { AnswerDetails, Request, Requester } from "./handlers/handler.ts";
import { handlers } from "./handlers/mod.ts";
import { maxPayload } from "./limits.ts";
import type { ServerContext } from "./server_context.ts";

/** Who a session is with. */
export interface SessionOptions {
  /** The client's number. */
  readonly id: number;
  /** Its connection. */
  readonly transport: Transport;
  /** Its IP address. */
  readonly address: string;
  /** Its TCP port. */
  readonly port: number;
  /** Called once, when the client is no longer there for others. */
  readonly onLeave: (session: Session, leave: Leave) => void;
}

/** How a session ended, for {@linkcode LeftEvent}. */
export type Leave = Pick<LeftEvent, "how" | "why">;

/**
 * One client, from hello to goodbye.
 *
 * A session counts what it has not answered yet: a client that says goodbye, or
 * closes its sending side, still gets every answer.
 */
export class Session implements Requester {
  /** The client's number. */
  readonly id: number;
  /** Its IP address. */
  readonly address: string;
  /** Its TCP port. */
  readonly port: number;
  /** When it connected, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly connectedMs = Date.now();
  /** What stands in front of each text that it sends. */
  readonly origin: Uint8Array;
  /** The connection. */
  readonly link: Link;

  readonly #context: ServerContext;
  readonly #onLeave: SessionOptions["onLeave"];
  #state: "present" | "left" = "present";
  #unanswered = 0;
  /** Called when nothing is left to be answered. */
  #onAllAnswered: (() => void) | undefined;

  /** Makes a session; nothing happens before {@linkcode Session.run}. */
  constructor(options: SessionOptions, context: ServerContext) {
    const { limits } = context;
    this.id = options.id;
    this.address = formatAddress(parseAddress(options.address));
    this.port = options.port;
    this.origin = encodeOrigin({
      from: this.id,
      address: this.address,
      port: this.port,
    });
    this.link = new Link({
      transport: options.transport,
      limits: { maxPayload: maxPayload(limits) },
      pauseAbove: limits.maxQueue,
    });
    this.#context = context;
    this.#onLeave = options.onLeave;
  }

  /** Greets the client; to be called before anybody else can write to it. */
  greet(): void {
    const { limits, name } = this.#context;
    this.link.indicate(Command.hello, hello, {
      version: VERSION,
      tokenWanted: false,
      id: this.id,
      maxPayload: maxPayload(limits),
      maxText: limits.maxText,
      deliveryTimeoutMs: limits.deliveryTimeoutMs,
      name,
    });
  }

  /** Serves the client until its connection is closed. */
  async run(): Promise<void> {
    const end = await this.link.run((frame) => this.#receive(frame));
    this.#left(describeEnd(end));
    // Who has only closed its sending side still waits for its answers.
    if (end.kind === "closed-by-peer") {
      this.#whenAllAnswered(() => this.link.end());
    }
    await this.link.closed;
  }

  /** Gives a request what it asked for; `details` are for the log. */
  answer<T>(
    request: Request,
    encoder: Encoder<T>,
    value: T,
    details?: AnswerDetails,
  ): void {
    this.link.respond(request, encoder, value);
    this.#answered(request, Status.ok, details);
  }

  /** Refuses a request, with a sentence for people. */
  refuse(
    request: Request,
    status: Exclude<Status, typeof Status.ok>,
    why: string,
    asked?: string,
  ): void {
    this.link.refuse(request, status, why);
    this.#answered(request, status, { asked, answer: why });
  }

  /** Tells the client that the server is leaving, and closes. */
  async dismiss(why: string): Promise<void> {
    const reason = GoodbyeReason.shuttingDown;
    const text = sentence(`the server is shutting down (${why})`);
    this.link.indicate(Command.goodbye, goodbye, { reason, text });
    this.#left({ how: "shutdown", why });
    await this.link.end();
  }

  #receive(frame: Frame): void {
    if (frame.type === FrameType.request) {
      this.#serve(frame);
    } else if (frame.command === Command.goodbye) {
      this.#takeLeave(frame);
    } else if (frame.command === Command.error) {
      const { text } = decodePayload(frame, fault);
      const why = sentence(`it found the server at fault: ${text}`);
      this.#left({ how: "fault", why });
      this.link.end({ letPeerClose: true });
    }
    // Indications that this version does not know are for later ones.
  }

  #serve(request: Frame): void {
    this.#unanswered++;
    const handler = handlers.get(request.command);
    if (handler === undefined) {
      const asked = commandName(request.command);
      const why = `There is no ${asked} that could be asked for`;
      return this.refuse(request, Status.unknownCommand, why);
    }
    try {
      handler(request, this, this.#context)
        ?.catch((error) => this.#fail(request, error));
    } catch (error) {
      this.#fail(request, error);
    }
  }

  #fail(request: Request, error: unknown): void {
    if (error instanceof ProtocolError) {
      return this.refuse(request, Status.malformed, error.message);
    }
    const command = commandName(request.command);
    this.refuse(request, Status.serverError, "The server failed; see its log");
    this.#context.report({
      event: "trouble",
      what: `${command} of client ${this.id} failed: ${error}`,
    });
  }

  #takeLeave(frame: Frame): void {
    const { text } = decodePayload(frame, goodbye);
    const { command, id } = frame;
    this.link.ignoreInput();
    this.#left({ how: "goodbye", why: sentence(text) });
    this.#whenAllAnswered(() => {
      if (id !== 0) this.link.respond({ command, id }, empty, undefined);
      this.link.end({ letPeerClose: true });
    });
  }

  #answered(
    request: Request,
    status: Status,
    details: AnswerDetails | undefined,
  ): void {
    this.#unanswered--;
    if (this.#context.trace) {
      this.#context.report({
        event: "answered",
        id: this.id,
        address: this.address,
        port: this.port,
        command: commandName(request.command),
        asked: details?.asked ?? "",
        status: statusName(status),
        answer: details?.answer ?? "",
      });
    }
    if (this.#unanswered === 0) this.#onAllAnswered?.();
  }

  /** Calls `then` once nothing is left to be answered; the first call counts. */
  #whenAllAnswered(then: () => void): void {
    if (this.#onAllAnswered !== undefined) return;
    this.#onAllAnswered = then;
    if (this.#unanswered === 0) then();
  }

  #left(leave: Leave): void {
    if (this.#state === "left") return;
    this.#state = "left";
    this.#onLeave(this, leave);
  }
}

function describeEnd(end: LinkEnd): Leave {
  switch (end.kind) {
    case "closed-by-peer":
      return { how: "closed", why: "it closed without a goodbye" };
    case "closed-here":
      return { how: "closed", why: "it did not close in time" };
    case "fault":
      return {
        how: "fault",
        why: `byte ${end.error.offset} was wrong: ${end.error.message}`,
      };
    case "lost":
      return { how: "lost", why: end.error.message };
  }
}

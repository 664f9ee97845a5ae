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
  PAYLOAD_MARGIN,
  ProtocolError,
  sentence,
  Status,
  statusName,
  VERSION,
} from "../protocol/mod.ts";
import {
  Deadline,
  Link,
  type Transport,
  type WatchVerdict,
} from "../link/mod.ts";
import type { Departure } from "./events.ts";
import type { AnswerDetails, Request, Requester } from "./handlers/handler.ts";
import { handlers } from "./handlers/mod.ts";
import { maxPayload } from "./limits.ts";
import { RateLimit } from "./rate_limit.ts";
import { departures, type Rejection } from "./rejection.ts";
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
  /** Called when the client is let in: from now on others see it. */
  readonly onJoin: (session: Session) => void;
  /** Called once, when others see it no longer, or never will. */
  readonly onLeave: (session: Session, leave: Leave) => void;
}

/** How a session ended. */
export interface Leave {
  /** Whether the client was let in before. */
  readonly wasIn: boolean;
  /** How it ended. */
  readonly how: Departure;
  /** The same for people. */
  readonly why: string;
}

/**
 * One client, from hello to goodbye. Where a token is wanted it is a stranger
 * until it has given it: nothing else of it is answered, nobody sees it.
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
  readonly #onJoin: SessionOptions["onJoin"];
  readonly #onLeave: SessionOptions["onLeave"];
  readonly #rate: RateLimit;
  /** By when the client must be let in, where a token is wanted. */
  readonly #login: Deadline | undefined;
  #state: "stranger" | "present" | "left" = "stranger";
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
    const { wheel } = context;
    this.link = new Link({
      transport: options.transport,
      limits: { maxPayload: PAYLOAD_MARGIN },
      // Beyond what messages alone can come to: they stop nobody's reading.
      pauseAbove: limits.maxQueue + maxPayload(limits),
      watch: { ...limits, wheel },
    });
    this.#rate = new RateLimit(
      limits.maxRequestsPerSecond,
      1000 / wheel.tickMs,
    );
    if (context.checkToken !== undefined) {
      this.#login = new Deadline(() => this.#noToken("no token came in time"));
    }
    this.#context = context;
    this.#onJoin = options.onJoin;
    this.#onLeave = options.onLeave;
  }

  /** Greets the client; to be called before anybody else can write to it. */
  greet(): void {
    const { limits, logins, name } = this.#context;
    this.link.indicate(Command.hello, hello, {
      version: VERSION,
      tokenWanted: this.#login !== undefined,
      id: this.id,
      maxPayload: maxPayload(limits),
      maxText: limits.maxText,
      deliveryTimeoutMs: limits.deliveryTimeoutMs,
      name,
    });
    if (this.#login === undefined) return this.letIn();
    this.link.answersPings = false;
    logins.add(this.#login);
  }

  /** Lets the client in, if it is not in yet. */
  letIn(): void {
    const { admission, limits, logins } = this.#context;
    if (this.#login !== undefined) admission.rightToken(this.address);
    if (this.#state !== "stranger") return;
    this.#state = "present";
    if (this.#login !== undefined) logins.remove(this.#login);
    this.link.answersPings = true;
    this.link.maxPayload = maxPayload(limits);
    this.#onJoin(this);
  }

  /** Notes that the client has given a wrong token. */
  suspect(): void {
    const rejection = this.#context.admission.wrongToken(this.address);
    if (rejection !== undefined) this.#sendAway(rejection);
  }

  /** Serves the client until its connection is closed. */
  async run(): Promise<void> {
    const end = await this.link.run((frame) => this.#receive(frame));
    switch (end.kind) {
      case "silent":
      case "stalled":
      case "unfinished":
        this.#sendAway(explainNeglect(end.kind, end.afterMs));
        break;
      case "closed-by-peer":
        this.#left("closed", "it closed without a goodbye");
        // Who has only closed its sending side still waits for its answers.
        this.#whenAllAnswered(() => this.link.end());
        break;
      case "closed-here":
        this.#left("closed", "it did not close in time");
        break;
      case "fault": {
        const { offset, message } = end.error;
        this.#left("fault", `byte ${offset} was wrong: ${message}`);
        break;
      }
      case "lost":
        this.#left("lost", end.error.message);
        break;
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
    this.#left("shutdown", why);
    await this.link.end();
  }

  #receive(frame: Frame): void {
    if (this.#state === "stranger") {
      if (!isFromStranger(frame)) {
        const what = commandName(frame.command);
        return this.#noToken(`a token is wanted first, and ${what} came`);
      }
      if (frame.type === FrameType.request) {
        const lockout = this.#context.admission.lockout(this.address);
        if (lockout !== undefined) return this.#sendAway(lockout);
      }
    }
    if (frame.type === FrameType.request) {
      this.#serve(frame);
    } else if (frame.command === Command.goodbye) {
      this.#takeLeave(frame);
    } else if (frame.command === Command.error) {
      const { text } = decodePayload(frame, fault);
      const why = sentence(`it found the server at fault: ${text}`);
      this.#left("fault", why);
      this.link.end({ letPeerClose: true });
    }
    // Indications that this version does not know are for later ones.
  }

  #serve(request: Frame): void {
    const { limits, wheel, closing } = this.#context;
    this.#unanswered++;
    if (closing.aborted) {
      const why = "The server is shutting down";
      return this.refuse(request, Status.shuttingDown, why);
    }
    if (!this.#rate.take(wheel.now)) {
      const why = `More than ${limits.maxRequestsPerSecond} requests a second`;
      return this.refuse(request, Status.tooManyRequests, why);
    }
    if (this.#unanswered > limits.maxUnanswered) {
      const why = `${limits.maxUnanswered} requests are under way already`;
      return this.refuse(request, Status.tooManyUnanswered, why);
    }
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
    this.#left("goodbye", sentence(text));
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

  #noToken(why: string): void {
    this.#sendAway({ reason: GoodbyeReason.noToken, why });
  }

  /** Tells the client why it has to go, and closes. */
  #sendAway({ reason, why }: Rejection): void {
    this.link.indicate(Command.goodbye, goodbye, { reason, text: why });
    this.#left(departures[reason], why);
    this.link.end();
  }

  #left(how: Departure, why: string): void {
    if (this.#state === "left") return;
    const wasIn = this.#state === "present";
    this.#state = "left";
    if (this.#login !== undefined) this.#context.logins.remove(this.#login);
    this.#onLeave(this, { wasIn, how, why });
  }
}

/** Whether a frame may come before the token, or is the token. */
function isFromStranger({ type, command }: Frame): boolean {
  return type === FrameType.request
    ? command === Command.authenticate
    : command === Command.goodbye || command === Command.error;
}

function explainNeglect(verdict: WatchVerdict, afterMs: number): Rejection {
  const seconds = afterMs / 1000;
  switch (verdict) {
    case "silent":
      return {
        reason: GoodbyeReason.silent,
        why: `nothing was heard for ${seconds} s`,
      };
    case "stalled":
      return {
        reason: GoodbyeReason.notReading,
        why: `nothing of what waits was read for ${seconds} s`,
      };
    case "unfinished":
      return {
        reason: GoodbyeReason.unfinishedFrame,
        why: `a frame was not finished within ${seconds} s`,
      };
  }
}

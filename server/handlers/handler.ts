import type { Encoder, Frame, Status } from "../../protocol/mod.ts";
import type { Member } from "../member.ts";
import type { ServerContext } from "../server_context.ts";

/** What is answered: the part of a request that outlives its frame. */
export type Request = Pick<Frame, "command" | "id">;

/** What a log can say of an answer. */
export interface AnswerDetails {
  /** What was asked for. */
  readonly asked?: string | undefined;
  /** What was answered. */
  readonly answer?: string | undefined;
}

/** The client that has made a request, as the request's handler knows it. */
export interface Requester extends Member {
  /** Gives a request what it asked for. */
  answer<T>(
    request: Request,
    encoder: Encoder<T>,
    value: T,
    details?: AnswerDetails,
  ): void;
  /** Refuses a request, with a sentence for people. */
  refuse(
    request: Request,
    status: Exclude<Status, typeof Status.ok>,
    why: string,
    asked?: string,
  ): void;
  /** It has given the right token. */
  letIn(): void;
  /** It has given a wrong one. */
  suspect(): void;
}

/**
 * Serves one command: answers or refuses each request once, now or later. The
 * frame is good only during the call; its `command` and `id` stay.
 *
 * @throws {ProtocolError} If the payload does not fit; the request is then
 * refused as malformed.
 */
export type Handler = (
  request: Frame,
  requester: Requester,
  context: ServerContext,
) => void | Promise<void>;

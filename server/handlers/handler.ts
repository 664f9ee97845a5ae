import type { Frame } from "../../protocol/mod.ts";
import type { ServerContext } from "../server_context.ts";
import type { Session } from "../session.ts";

/**
 * Serves one command: calls `session.answer` or `session.refuse` once for each
 * request, now or later. The frame is good only during the call; its `command`
 * and `id` stay.
 *
 * @throws {ProtocolError} If the payload does not fit; the session refuses the
 * request as malformed.
 */
export type Handler = (
  request: Frame,
  session: Session,
  context: ServerContext,
) => void | Promise<void>;

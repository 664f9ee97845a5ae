import { decodePayload, empty, send, Status } from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

/**
 * Passes a text on, and answers only when the receiver has confirmed it, or
 * when it is certain that it has not.
 */
export const handleSend: Handler = (request, requester, context) => {
  const { command, id } = request;
  const { to, text } = decodePayload(request, send);
  const asked = context.trace ? `${text.length} bytes to ${to}` : undefined;
  const outcome = (status: Status, why: string) => {
    if (status === Status.ok) {
      const answer = "delivered";
      requester.answer({ command, id }, empty, undefined, { asked, answer });
    } else {
      requester.refuse({ command, id }, status, why, asked);
    }
  };
  const { maxText } = context.limits;
  if (to === requester.id) {
    outcome(Status.ownNumber, `${to} is your own number`);
  } else if (text.length > maxText) {
    outcome(
      Status.textTooLong,
      `A text may have ${maxText} bytes, this one has ${text.length}`,
    );
  } else {
    context.deliveries.deliver(requester, to, text, outcome);
  }
};

import {
  decodePayload,
  empty,
  RECEIVER_SIZE,
  receiverNumber,
  Status,
} from "../../protocol/mod.ts";
import { Delivery } from "../deliveries.ts";
import type { Handler, Request, Requester } from "./handler.ts";

/**
 * Passes a text on, and answers only when the receiver has confirmed it, or
 * when it is certain that it has not.
 */
export const handleSend: Handler = (request, requester, context) => {
  const to = decodePayload(request, receiverNumber);
  const size = request.payload.length - RECEIVER_SIZE;
  const asked = context.trace ? `${size} bytes to ${to}` : undefined;
  const delivery = new RequestedDelivery(request, requester, asked);
  const { maxText } = context.limits;
  if (to === requester.id) {
    delivery.end(Status.ownNumber, `${to} is your own number`);
  } else if (size > maxText) {
    delivery.end(
      Status.textTooLong,
      `A text may have ${maxText} bytes, this one has ${size}`,
    );
  } else {
    context.sent.count(context.wheel.now);
    context.deliveries.deliver(requester, to, request.payload, delivery);
  }
};

/** Answers a client's request when its text has arrived, or cannot. */
class RequestedDelivery extends Delivery {
  declare readonly requester: Requester;
  declare readonly request: Request;
  declare readonly about: string | undefined;

  /** `about` says in the log what was asked for. */
  constructor(
    { command, id }: Request,
    requester: Requester,
    about: string | undefined,
  ) {
    super();
    this.requester = requester;
    this.request = { command, id };
    this.about = about;
  }

  override end(status: Status, why: string): void {
    const { requester, request, about: asked } = this;
    if (status === Status.ok) {
      const details = asked === undefined
        ? undefined
        : { asked, answer: "delivered" };
      requester.answer(request, empty, undefined, details);
    } else {
      requester.refuse(request, status, why, asked);
    }
  }
}

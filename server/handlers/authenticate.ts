import {
  authenticate,
  decodePayload,
  empty,
  Status,
} from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

/** Lets in whoever has the right token. */
export const handleAuthenticate: Handler = (request, requester, context) => {
  const token = decodePayload(request, authenticate);
  if (context.checkToken === undefined || context.checkToken(token)) {
    requester.letIn();
    requester.answer(request, empty, undefined, { answer: "let in" });
  } else {
    const why = "This is not the server's token";
    requester.refuse(request, Status.wrongToken, why);
    requester.suspect();
  }
};

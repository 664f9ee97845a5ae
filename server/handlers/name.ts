import { decodePayload, empty, name } from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

/** Answers with the name of this machine, or the one the server was given. */
export const handleName: Handler = (request, requester, context) => {
  decodePayload(request, empty);
  requester.answer(request, name, context.name, { answer: context.name });
};

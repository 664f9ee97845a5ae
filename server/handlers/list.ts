import {
  decodePayload,
  type ListPage,
  listPage,
  listPageCapacity,
  listQuery,
  Status,
} from "../../protocol/mod.ts";
import { maxPayload } from "../limits.ts";
import { IncompleteError } from "../roster.ts";
import type { Handler } from "./handler.ts";

/** Answers with as many clients as were asked for and as a payload holds. */
export const handleList: Handler = (request, requester, context) => {
  const { command, id } = request;
  const { after, limit } = decodePayload(request, listQuery);
  const capacity = listPageCapacity(maxPayload(context.limits));
  const asked = `after ${after}`;
  const answer = (page: ListPage) => {
    const count = page.clients.length;
    requester.answer({ command, id }, listPage, page, {
      asked,
      answer: `${count} client${count === 1 ? "" : "s"}`,
    });
  };
  const refuse = (error: unknown) => {
    if (!(error instanceof IncompleteError)) throw error;
    const { message } = error;
    requester.refuse({ command, id }, Status.incomplete, message, asked);
  };
  const query = {
    after,
    limit: limit === 0 ? capacity : Math.min(limit, capacity),
  };
  // At once where it can be: whoever asks for much is held back by the answers.
  try {
    const page = context.roster.page(query);
    return page instanceof Promise ? page.then(answer, refuse) : answer(page);
  } catch (error) {
    refuse(error);
  }
};

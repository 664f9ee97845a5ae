import {
  decodePayload,
  type ListPage,
  listPage,
  listPageCapacity,
  listQuery,
} from "../../protocol/mod.ts";
import { maxPayload } from "../limits.ts";
import type { Handler } from "./handler.ts";

/** Answers with as many clients as were asked for and as a payload holds. */
export const handleList: Handler = (request, requester, context) => {
  const { command, id } = request;
  const { after, limit } = decodePayload(request, listQuery);
  const capacity = listPageCapacity(maxPayload(context.limits));
  const answer = (page: ListPage) => {
    const count = page.clients.length;
    requester.answer({ command, id }, listPage, page, {
      asked: `after ${after}`,
      answer: `${count} client${count === 1 ? "" : "s"}`,
    });
  };
  const page = context.roster.page({
    after,
    limit: limit === 0 ? capacity : Math.min(limit, capacity),
  });
  // At once where it can be: whoever asks for much is held back by the answers.
  return page instanceof Promise ? page.then(answer) : answer(page);
};

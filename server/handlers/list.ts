import {
  decodePayload,
  listPage,
  listPageCapacity,
  listQuery,
} from "../../protocol/mod.ts";
import { maxPayload } from "../limits.ts";
import type { Handler } from "./handler.ts";

/** Answers with as many clients as were asked for and as a payload holds. */
export const handleList: Handler = async (request, requester, context) => {
  const { after, limit } = decodePayload(request, listQuery);
  const capacity = listPageCapacity(maxPayload(context.limits));
  const page = await context.roster.page({
    after,
    limit: limit === 0 ? capacity : Math.min(limit, capacity),
  });
  const count = page.clients.length;
  requester.answer(request, listPage, page, {
    asked: `after ${after}`,
    answer: `${count} client${count === 1 ? "" : "s"}`,
  });
};

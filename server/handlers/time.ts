import { decodePayload, empty, time } from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Answers with this machine's time, as its clock on the wall shows it. */
export const handleTime: Handler = (request, requester, context) => {
  decodePayload(request, empty);
  const now = new Date();
  const value = {
    unixMs: now.getTime(),
    offsetMinutes: -now.getTimezoneOffset(),
    zone,
  };
  const answer = context.trace ? now.toISOString() : undefined;
  requester.answer(request, time, value, { answer });
};

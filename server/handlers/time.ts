import {
  decodePayload,
  empty,
  encodedPayload,
  encodePayload,
  time,
} from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The answer of this millisecond, which thousands of requests may share. */
let unixMs = NaN;
let answer = new Uint8Array(0);

/** Answers with this machine's time, as its clock on the wall shows it. */
export const handleTime: Handler = (request, requester, context) => {
  decodePayload(request, empty);
  const now = Date.now();
  if (now !== unixMs) {
    unixMs = now;
    const offsetMinutes = -new Date(now).getTimezoneOffset();
    answer = encodePayload(time, { unixMs, offsetMinutes, zone });
  }
  const details = context.trace
    ? { answer: new Date(now).toISOString() }
    : undefined;
  requester.answer(request, encodedPayload, answer, details);
};

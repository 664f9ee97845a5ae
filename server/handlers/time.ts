import {
  decodePayload,
  empty,
  encodedPayload,
  encodePayload,
  time,
} from "../../protocol/mod.ts";
import { onceATurn } from "../../link/mod.ts";
import type { Handler } from "./handler.ts";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The same to all requests of a turn, which may be thousands. */
const answerNow = onceATurn(() => {
  const unixMs = Date.now();
  const offsetMinutes = -new Date(unixMs).getTimezoneOffset();
  const payload = encodePayload(time, { unixMs, offsetMinutes, zone });
  return { unixMs, payload };
});

/** Answers with this machine's time, as its clock on the wall shows it. */
export const handleTime: Handler = (request, requester, context) => {
  decodePayload(request, empty);
  const { unixMs, payload } = answerNow();
  const details = context.trace
    ? { answer: new Date(unixMs).toISOString() }
    : undefined;
  requester.answer(request, encodedPayload, payload, details);
};

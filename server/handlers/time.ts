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

/** What is answered in this millisecond. */
let current = encodeTime(Date.now());

/** The same to all requests of a turn, which may be thousands. */
const answerNow = onceATurn(() => {
  const unixMs = Date.now();
  if (unixMs !== current.unixMs) current = encodeTime(unixMs);
  return current;
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

function encodeTime(unixMs: number): { unixMs: number; payload: Uint8Array } {
  const offsetMinutes = -new Date(unixMs).getTimezoneOffset();
  const payload = encodePayload(time, { unixMs, offsetMinutes, zone });
  return { unixMs, payload };
}

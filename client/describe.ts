import {
  formatEndpoint,
  type ListedClient,
  type Time,
} from "../protocol/mod.ts";
import { visibleText } from "../terminal/mod.ts";
import type { Message } from "./inbox.ts";

/**
 * A moment as the server's clock on the wall shows it, in ISO 8601 with the
 * server's offset from UTC.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const time = { unixMs: 0, offsetMinutes: 330, zone: "Asia/Kolkata" };
 * assertEquals(isoTime(time), "1970-01-01T05:30:00.000+05:30");
 * ```
 */
export function isoTime({ unixMs, offsetMinutes }: Time): string {
  const local = new Date(unixMs + offsetMinutes * 60_000).toISOString();
  const minutes = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? "-" : "+";
  const hh = String(Math.floor(minutes / 60)).padStart(2, "0");
  const mm = String(minutes % 60).padStart(2, "0");
  return `${local.slice(0, -1)}${sign}${hh}:${mm}`;
}

/** A moment for people: `2026-11-22 18:05:06 +01:00 (Europe/Berlin)`. */
export function describeTime(time: Time): string {
  const iso = isoTime(time);
  const zone = visibleText(time.zone);
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} ${iso.slice(23)} (${zone})`;
}

/** A client of the list for people; `self` is one's own number. */
export function describeClient(client: ListedClient, self: number): string {
  const endpoint = formatEndpoint(client.address, client.port);
  const since = new Date(client.connectedMs).toTimeString().slice(0, 8);
  const you = client.id === self ? "  (you)" : "";
  const id = String(client.id).padStart(5);
  return `${id}  ${endpoint.padEnd(21)}  since ${since}${you}`;
}

/** A message for people, with nothing in it that a terminal would obey. */
export function describeMessage(message: Message): string {
  const endpoint = formatEndpoint(message.address, message.port);
  return `From ${message.from} (${endpoint}): ${visibleText(message.text)}`;
}

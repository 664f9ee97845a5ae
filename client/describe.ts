import { unicodeWidth } from "@std/cli/unicode-width";
import {
  formatEndpoint,
  type NodeEntry,
  type NumberRange,
  type Time,
} from "../protocol/mod.ts";
import { visibleText } from "../terminal/mod.ts";
import type { BurstResult } from "./burst.ts";
import type { Message } from "./inbox.ts";
import type { PlacedClient } from "./list_with_nodes.ts";
import type { Texts } from "./texts/mod.ts";

/** So much of a message is shown on a screen, in characters. */
const MAX_SHOWN_LENGTH = 2_000;

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

/**
 * The list as a table, a line each; `self` is one's own number. It has a column
 * for the nodes where there are several.
 */
export function describeList(
  clients: readonly PlacedClient[],
  self: number,
  texts: Texts,
): string[] {
  const several = clients.some(({ node }) => node !== undefined);
  const placed = (node: string) => several ? [node] : [];
  const [number, address, since] = texts.columns;
  const rows = clients.map(({ id, address, port, connectedMs, node }) => [
    String(id),
    formatEndpoint(address, port),
    ...placed(visibleText(node || "?")),
    clock(new Date(connectedMs)) + (id === self ? `  ${texts.you}` : ""),
  ]);
  return table([[number, address, ...placed(texts.node), since], ...rows]);
}

/** The nodes as a table, a line each. */
export function describeNodes(
  nodes: readonly NodeEntry[],
  texts: Texts,
  nowMs = Date.now(),
): string[] {
  const rows = nodes.map((node) => [
    visibleText(node.name),
    visibleText(node.address),
    String(node.clients),
    String(node.messagesPerSecond),
    texts.duration(Math.max(0, Math.floor((nowMs - node.sinceMs) / 1000))),
    node.missing
      ? texts.missing
      : node.self
      ? texts.thisNode
      : texts.milliseconds((node.roundTripUs / 1000).toFixed(1)),
    describeRanges(node.ranges),
  ]);
  return table([[...texts.nodeColumns], ...rows]);
}

/** A message for people, with nothing in it that a terminal would obey. */
export function describeMessage(
  message: Message,
  texts: Texts,
  now = new Date(),
): string {
  const endpoint = formatEndpoint(message.address, message.port);
  const from = String(message.from);
  const text = shorten(visibleText(message.text));
  return `${clock(now)}  ${texts.message(from, endpoint, text)}`;
}

/** What became of many requests at once. */
export function describeBurst(result: BurstResult, texts: Texts): string {
  const { received, sent, reads, ms } = result;
  const perSecond = Math.round(received / ms * 1000).toLocaleString("en");
  return texts.measured(received, sent, reads, ms.toFixed(1), perSecond);
}

/** A time of day on this machine's clock: `18:05:06`. */
export function clock(date: Date): string {
  return date.toTimeString().slice(0, 8);
}

/**
 * Makes a text as wide as others, however wide its characters are on a screen.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(padTo("编号", 6) + "|", "编号  |");
 * ```
 */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - unicodeWidth(text)));
}

/** The first range and the last; those that are side by side count as one. */
function describeRanges(ranges: readonly NumberRange[]): string {
  const joined: NumberRange[] = [];
  for (const { first, last } of ranges) {
    const before = joined.at(-1);
    if (before?.last === first - 1) {
      joined.splice(-1, 1, { first: before.first, last });
    } else joined.push({ first, last });
  }
  const texts = joined.map(({ first, last }) => `${first}–${last}`);
  return texts.length > 2
    ? `${texts[0]}, …, ${texts.at(-1)}`
    : texts.join(", ");
}

function table(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, column) =>
    rows.reduce((max, row) => Math.max(max, unicodeWidth(row[column]!)), 0)
  );
  return rows.map((row) =>
    row.map((cell, column) => padTo(cell, widths[column]!)).join("  ").trimEnd()
  );
}

/** Cuts a text to what a person would read of it, and says how long it is. */
export function shorten(text: string): string {
  if (text.length <= MAX_SHOWN_LENGTH) return text;
  return `${text.slice(0, MAX_SHOWN_LENGTH)}… (${text.length})`;
}

/**
 * The same of a frame twice: what a vector says is in it, and what Wireshark
 * shows.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  Command,
  FrameType,
  GoodbyeReason,
  HEADER_SIZE,
  parseAddress,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import type { Shown } from "./dissector.ts";
import type { Vector } from "./vectors.ts";

/** What each field has, by its name behind "parley.", in order. */
export type Fields = Record<string, string[]>;

/** What an object of a vector calls a field, and what Wireshark does. */
const FIELDS: Readonly<Record<string, string>> = {
  tokenWanted: "token_wanted",
  maxPayload: "largest_payload",
  maxText: "longest_text",
  deliveryTimeoutMs: "delivery_timeout",
  unixMs: "time",
  offsetMinutes: "offset",
  connectedMs: "connected",
  id: "number",
  to: "number",
  from: "number",
  messagesPerSecond: "messages",
  sinceMs: "since",
  roundTripUs: "round_trip",
};

/** The numbers that have names, by the field that they are in. */
const NAMED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  type: FrameType,
  command: Command,
  status: Status,
  reason: GoodbyeReason,
  code: ProtocolErrorCode,
};

/** A number as Wireshark shows it, with its name in words. */
function named(names: Readonly<Record<string, number>>, number: number) {
  const name = Object.keys(names).find((name) => names[name] === number);
  const words = name?.replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
  return `${words ?? "Unknown"} (${number})`;
}

/** What a vector says. */
export function expectedOf(vector: Vector): Fields {
  const { type, command, status, id, value, hex } = vector;
  const fields: Fields = {
    magic: ["0x5059"],
    version: ["1"],
    type: [named(FrameType, type)],
    command: [named(Command, command)],
    status: [named(Status, status)],
    id: [`${id}`],
    length: [`${hex.length / 2 - HEADER_SIZE}`],
  };
  const group = Object.entries(Command)
    .find(([, number]) => number === command)?.[0].replace("time", "clock");
  const add = (name: string, value: unknown) => {
    if (name === "address") {
      const { length } = parseAddress(value as string);
      add("address_length", length);
      return add(length === 4 ? "ipv4" : "ipv6", value);
    }
    const numbers = NAMED[name];
    (fields[`${group}.${FIELDS[name] ?? name}`] ??= []).push(
      numbers ? named(numbers, value as number) : `${value}`,
    );
  };
  const addText = (name: string, text: string) => {
    add(`${name}_length`, new TextEncoder().encode(text).length);
    (fields[`${group}.${name}`] ??= []).push(text);
  };
  if (Array.isArray(value)) {
    add("count", value.length);
    for (const { address, name, ranges, ...numbers } of value) {
      for (const [name, part] of Object.entries(numbers)) add(name, part);
      addText("address", address);
      addText("name", name);
      add("range_count", ranges.length);
      for (const { first, last } of ranges) {
        add("first", first);
        add("last", last);
      }
    }
  } else if (typeof value === "string") {
    if (status !== Status.ok) fields.sentence = [value];
    else if (command === Command.name) fields.name = [value];
    else add("token", value);
  } else if (value !== null) {
    for (const [name, part] of Object.entries(value as object)) {
      if (name === "payload") fields.payload = [part];
      else if (name !== "clients") add(name, part);
      else {
        add("count", part.length);
        for (const client of part) {
          for (const [name, part] of Object.entries(client)) add(name, part);
        }
      }
    }
  }
  return fields;
}

/** What is shown. */
export function shownOf(frame: Shown): Fields {
  const fields: Fields = {};
  for (const item of fieldsIn(frame)) {
    // It has the bits that vectors name, and others.
    const shown = item.name.endsWith(".flags") ? item.children : [item];
    for (const field of shown) {
      const name = field.name.replace("parley.", "");
      (fields[name] ??= []).push(said(field));
    }
  }
  return fields;
}

/** The fields that are not in a frame's bytes. */
const GENERATED = ["response_in", "response_to", "time", "malformed"]
  .map((name) => `parley.${name}`);

/** A frame's fields in their order, those of a list's entries among them. */
export function fieldsIn({ children }: Shown): Shown[] {
  return children.flatMap((item) => {
    if (item.name.endsWith(".entry")) return fieldsIn(item);
    if (!item.name.startsWith("parley.")) return [];
    return GENERATED.includes(item.name) ? [] : [item];
  });
}

/** Where a frame is malformed, if it is. */
export function malformedIn({ children }: Shown): Shown | undefined {
  return children.find(({ name }) => name === "parley.malformed");
}

/** What a field has, as vectors write it. */
function said({ name, label, show, value }: Shown): string {
  const last = name.split(".").at(-1)!;
  if (NAMED[last]) return label.replace(/^.*?: /, "");
  switch (last) {
    case "token_wanted":
    case "more":
    case "self":
    case "missing":
      return `${show === "1" || show === "True"}`;
    case "time":
    case "connected":
    case "since": {
      const ms = Date.parse(show.replace(/(\.\d{3})0{6} /, "$1 "));
      // Wireshark's calendar goes on for longer.
      return `${Number.isNaN(ms) ? Number.parseInt(value, 16) : ms}`;
    }
    case "token":
    case "payload":
      assertEquals(show.replaceAll(":", ""), value);
      return value;
    case "text":
    case "name":
    case "address":
    case "zone":
    case "sentence": {
      const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true })
        .decode(Uint8Array.fromHex(value));
      if (text.includes("\0")) assertStringIncludes(show, "␀");
      else assertEquals(show, text);
      return text;
    }
    default:
      return show;
  }
}

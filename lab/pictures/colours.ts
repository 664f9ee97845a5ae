import type { FieldKey } from "./field.ts";

/** The colours of all that is not a field. */
export interface Ground {
  /** What everything stands on. */
  readonly card: string;
  readonly border: string;
  readonly text: string;
  /** Text that is less important. */
  readonly faint: string;
  /** Lines that lead the eye. */
  readonly rule: string;
  /** What a field is framed with. */
  readonly frame: string;
  /** What the name of a party stands on, and what a note stands on. */
  readonly head: string;
  readonly note: string;
  /** The colour of a field's boxes. */
  readonly fields: Readonly<Record<FieldKey, string>>;
  /** The colours of packets, by kind; `tcp` of what carries none. */
  readonly packets: Readonly<
    Record<"request" | "response" | "indication" | "tcp", string>
  >;
}

const SKY = "#c4d8f3";
const ICE = "#cdeef1";
const LIME = "#dfebab";
const SAND = "#fbe6b6";
const PEACH = "#fbd3b0";
const ROSE = "#f7d0e1";
const VIOLET = "#dccbf0";
const MIST = "#e4e7ea";

/**
 * Strong colours for the header, each for one field, and pale ones for payloads,
 * each for what is of one kind. The strong ones are Paul Tol's "light" scheme,
 * made for cells with black text and safe for colour-blind eyes.
 */
const FIELDS: Readonly<Record<FieldKey, string>> = {
  magic: "#dddddd",
  version: "#99ddff",
  type: "#ee8866",
  command: "#77aadd",
  status: "#ffaabb",
  id: "#44bb99",
  length: "#eedd88",

  newestVersion: ICE,
  flags: PEACH,
  ownNumber: VIOLET,
  largestPayload: SAND,
  longestText: SKY,
  deliveryTimeout: ROSE,
  name: LIME,

  time: ROSE,
  utcOffset: PEACH,
  zone: LIME,

  after: VIOLET,
  limit: SAND,
  more: PEACH,
  count: SAND,
  number: VIOLET,
  connected: ROSE,

  clients: SAND,
  messages: LIME,
  since: ROSE,
  roundTrip: VIOLET,
  nameLength: ICE,
  rangeCount: SAND,
  firstNumber: VIOLET,
  lastNumber: PEACH,

  port: PEACH,
  addressLength: ICE,
  address: SKY,

  receiver: VIOLET,
  sender: VIOLET,
  text: LIME,

  reason: PEACH,
  code: PEACH,
  faultOffset: SAND,

  token: LIME,
  sentence: LIME,
  payload: MIST,
  rest: MIST,
};

/** A white page. */
export const LIGHT: Ground = {
  card: "#ffffff",
  border: "#d1d9e0",
  text: "#1f2328",
  faint: "#59636e",
  rule: "#b4bdc6",
  frame: "#3d4752",
  head: "#eef1f4",
  note: "#fff8dc",
  fields: FIELDS,
  packets: {
    request: "#0060a8",
    response: "#b84a00",
    indication: "#007a5a",
    tcp: "#59636e",
  },
};

/** A dark page. */
export const DARK: Ground = {
  card: "#0d1117",
  border: "#3d444d",
  text: "#f0f6fc",
  faint: "#9198a1",
  rule: "#4d5661",
  frame: "#c0c8d0",
  head: "#21262d",
  note: "#2b2610",
  fields: mapped(FIELDS, (colour) => mixed(colour, "#0d1117", 0.4)),
  packets: {
    request: "#58b6f2",
    response: "#ffa64d",
    indication: "#3fd0a0",
    tcp: "#9198a1",
  },
};

function mapped<Key extends string>(
  colours: Readonly<Record<Key, string>>,
  change: (colour: string) => string,
): Record<Key, string> {
  const entries = Object.entries<string>(colours);
  return Object.fromEntries(
    entries.map(([key, colour]) => [key, change(colour)]),
  ) as Record<Key, string>;
}

/** A colour with `share` of one and the rest of another. */
function mixed(one: string, other: string, share: number): string {
  const [a, b] = [one, other].map((hex) => Uint8Array.fromHex(hex.slice(1)));
  return `#${a!.map((part, i) => part * share + b![i]! * (1 - share)).toHex()}`;
}

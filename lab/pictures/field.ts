/** What a field is; `texts.ts` has a name for each in every language. */
export type FieldKey =
  // The header, in order.
  | "magic"
  | "version"
  | "type"
  | "command"
  | "status"
  | "id"
  | "length"
  // Hello.
  | "newestVersion"
  | "flags"
  | "ownNumber"
  | "largestPayload"
  | "longestText"
  | "deliveryTimeout"
  | "name"
  // Time.
  | "time"
  | "utcOffset"
  | "zone"
  // List.
  | "after"
  | "limit"
  | "more"
  | "count"
  | "number"
  | "connected"
  // Nodes.
  | "clients"
  | "messages"
  | "since"
  | "roundTrip"
  | "nameLength"
  | "rangeCount"
  | "firstNumber"
  | "lastNumber"
  // An address, in lists, messages and nodes.
  | "port"
  | "addressLength"
  | "address"
  // Send and message.
  | "receiver"
  | "sender"
  | "text"
  // Goodbye and error.
  | "reason"
  | "code"
  | "faultOffset"
  // Authenticate, and refusals.
  | "token"
  | "sentence"
  // What cannot be read: a payload, and whatever else.
  | "payload"
  | "rest";

/** What a number means beyond itself; `texts.ts` says it. */
export type Note =
  | "noAnswer"
  | "tokenWanted"
  | "noTokenWanted"
  | "fromTheBeginning"
  | "asManyAsItLikes"
  | "moreToCome"
  | "noMore"
  | "answeringNode"
  | "otherNode"
  | "missingNode"
  | "ipv4"
  | "ipv6";

/** Why bytes are shown as they are. */
export type Obscurity =
  /** The command is not known to this version. */
  | "unknownCommand"
  /** The payload does not have the layout of its command. */
  | "malformed"
  /** The header is wrong. */
  | "noFrame"
  /** The bytes end before the frame does. */
  | "truncated"
  /** They stand behind the frame's end. */
  | "behind";

/** What a field says. */
export type FieldValue =
  /** A number, and what it means here. */
  | { readonly kind: "number"; readonly number: number; readonly note?: Note }
  /** A number that the protocol has a name for. */
  | {
    readonly kind: "type" | "command" | "status" | "reason" | "code";
    readonly number: number;
  }
  /** The bits of a byte, and what they mean. */
  | { readonly kind: "flags"; readonly number: number; readonly note: Note }
  /** A number of bytes, of milli- or microseconds, of minutes ahead of UTC. */
  | {
    readonly kind: "bytes" | "milliseconds" | "microseconds" | "minutes";
    readonly number: number;
  }
  /** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
  | { readonly kind: "moment"; readonly number: number }
  /** A text. */
  | { readonly kind: "text"; readonly text: string }
  /** An IP address. */
  | { readonly kind: "address"; readonly text: string }
  /** Bytes that need not be text. */
  | { readonly kind: "token" }
  /** Bytes that cannot be read; `message` says more, in English. */
  | {
    readonly kind: "obscure";
    readonly why: Obscurity;
    readonly message?: string;
  };

/** Bytes of a frame that have one meaning. */
export interface Field {
  /** What it is. */
  readonly key: FieldKey;
  /** Where it begins, in bytes from the frame's first. */
  readonly offset: number;
  /** Its bytes, as a view; a text may have none. */
  readonly bytes: Uint8Array;
  /** What they say. */
  readonly value: FieldValue;
  /** Which entry of a list it belongs to, counted from 1. */
  readonly entry?: number;
}

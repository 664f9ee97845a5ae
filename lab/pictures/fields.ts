import {
  authenticate,
  type Decoder,
  decodeText,
  empty,
  fault,
  formatAddress,
  type Frame,
  FrameDecoder,
  FrameType,
  goodbye,
  HEADER_SIZE,
  hello,
  listPage,
  listQuery,
  message,
  name,
  nodeList,
  payloadLayout,
  ProtocolError,
  refusal,
  send,
  time,
} from "../../protocol/mod.ts";
import type { Field, FieldKey, FieldValue, Note, Obscurity } from "./field.ts";

/**
 * All fields of a whole frame, in order and without gaps: the header's and the
 * payload's.
 *
 * It never throws. A payload that cannot be read is one field `payload` that
 * says why. Where the bytes are no frame, end too early or go on too long, what
 * cannot be read is one field `rest`, the last.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const frame = Uint8Array.fromHex(
 *   "50590101000500000000000400000006000000026869",
 * );
 * const [receiver, text] = fieldsOf(frame).slice(7);
 * assertEquals([receiver?.key, receiver?.offset], ["receiver", 16]);
 * assertEquals(receiver?.value, { kind: "number", number: 2 });
 * assertEquals(text?.value, { kind: "text", text: "hi" });
 * ```
 */
export function fieldsOf(frame: Uint8Array): Field[] {
  const cutter = new Cutter(frame);
  const wrong = headerFault(frame);
  for (const [key, size, say] of headerLayout(frame[3])) {
    if (size > cutter.left || cutter.offset > (wrong?.offset ?? Infinity)) {
      break;
    }
    cutter.cut(key, size, say);
  }
  if (wrong !== undefined) {
    cutter.obscure("rest", cutter.left, "noFrame", wrong.message);
    return cutter.fields;
  }
  const length = cutter.offset < HEADER_SIZE ? Infinity : cutter.lastNumber;
  if (length > cutter.left) {
    cutter.obscure("rest", cutter.left, "truncated");
    return cutter.fields;
  }
  new FrameDecoder({ maxPayload: length }).push(
    frame.subarray(0, HEADER_SIZE + length),
    (whole) => cutPayload(cutter, whole),
  );
  if (cutter.left > 0) cutter.obscure("rest", cutter.left, "behind");
  return cutter.fields;
}

/** What bytes say. */
type Say = (bytes: Uint8Array) => FieldValue;

/** Cuts a frame's bytes into fields, from the first on. */
class Cutter {
  readonly fields: Field[] = [];
  readonly #frame: Uint8Array;
  #offset = 0;
  #entry: number | undefined;

  constructor(frame: Uint8Array) {
    this.#frame = frame;
  }

  /** Where the next field begins. */
  get offset(): number {
    return this.#offset;
  }

  /** How many bytes are not cut yet. */
  get left(): number {
    return this.#frame.length - this.#offset;
  }

  /** The number that the last field says. */
  get lastNumber(): number {
    const value = this.fields.at(-1)?.value;
    return value !== undefined && "number" in value ? value.number : 0;
  }

  /** Says to which entry of a list the next fields belong. */
  entry(entry: number): void {
    this.#entry = entry;
  }

  cut(key: FieldKey, size: number, say: Say): void {
    const offset = this.#offset;
    const bytes = this.#frame.subarray(offset, offset + size);
    const entry = this.#entry === undefined ? {} : { entry: this.#entry };
    this.fields.push({ key, offset, bytes, value: say(bytes), ...entry });
    this.#offset += size;
  }

  obscure(
    key: "payload" | "rest",
    size: number,
    why: Obscurity,
    message?: string,
  ): void {
    const more = message === undefined ? {} : { message };
    this.cut(key, size, () => ({ kind: "obscure", why, ...more }));
  }
}

/** What is wrong with a header as far as it goes, but for its length. */
function headerFault(frame: Uint8Array): ProtocolError | undefined {
  try {
    // Without its last byte, no header announces anything.
    const decoder = new FrameDecoder({ maxPayload: 0 });
    decoder.push(frame.subarray(0, HEADER_SIZE - 1), () => {});
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** The header's fields, as SPEC.md has them in section 2. */
function headerLayout(
  type: number | undefined,
): readonly (readonly [FieldKey, size: number, Say])[] {
  const answers = type === FrameType.response;
  const tells = type === FrameType.indication;
  return [
    ["magic", 2, latin],
    ["version", 1, number],
    ["type", 1, named("type")],
    ["command", 2, named("command")],
    ["status", 2, answers ? named("status") : number],
    ["id", 4, tells ? noted(0, "noAnswer") : number],
    ["length", 4, measured("bytes")],
  ];
}

/** Cuts a payload, of which the codecs of the protocol say whether it fits. */
function cutPayload(cutter: Cutter, frame: Frame): void {
  const size = frame.payload.length;
  const codec = payloadLayout(frame);
  const layout = codec && PAYLOADS.get(codec);
  if (codec === undefined || layout === undefined) {
    if (size > 0) cutter.obscure("payload", size, "unknownCommand");
    return;
  }
  try {
    codec.decode(frame.payload);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    cutter.obscure("payload", size, "malformed", error.message);
    return;
  }
  layout(cutter, HEADER_SIZE + size);
}

/**
 * The fields of each payload, as SPEC.md has them in section 4, up to the
 * frame's `end`.
 */
const PAYLOADS: ReadonlyMap<
  Decoder<unknown>,
  (cutter: Cutter, end: number) => void
> = new Map<Decoder<unknown>, (cutter: Cutter, end: number) => void>([
  [empty, () => {}],
  [hello, (cutter, end) => {
    cutter.cut("newestVersion", 1, number);
    cutter.cut("flags", 1, flags);
    cutter.cut("ownNumber", 4, number);
    cutter.cut("largestPayload", 4, measured("bytes"));
    cutter.cut("longestText", 4, measured("bytes"));
    cutter.cut("deliveryTimeout", 4, measured("milliseconds"));
    cutter.cut("name", end - cutter.offset, text);
  }],
  [time, (cutter, end) => {
    cutter.cut("time", 8, measured("moment"));
    cutter.cut("utcOffset", 2, minutes);
    cutter.cut("zone", end - cutter.offset, text);
  }],
  [name, (cutter, end) => {
    cutter.cut("name", end - cutter.offset, text);
  }],
  [listQuery, (cutter) => {
    cutter.cut("after", 4, noted(0, "fromTheBeginning"));
    cutter.cut("limit", 2, noted(0, "asManyAsItLikes"));
  }],
  [listPage, (cutter) => {
    cutter.cut("more", 1, more);
    cutter.cut("count", 2, number);
    const count = cutter.lastNumber;
    for (let entry = 1; entry <= count; entry++) {
      cutter.entry(entry);
      cutter.cut("number", 4, number);
      cutter.cut("port", 2, number);
      cutter.cut("connected", 8, measured("moment"));
      cutAddress(cutter);
    }
  }],
  [send, (cutter, end) => {
    cutter.cut("receiver", 4, number);
    cutter.cut("text", end - cutter.offset, text);
  }],
  [message, (cutter, end) => {
    cutter.cut("sender", 4, number);
    cutter.cut("port", 2, number);
    cutAddress(cutter);
    cutter.cut("text", end - cutter.offset, text);
  }],
  [goodbye, (cutter, end) => {
    cutter.cut("reason", 2, named("reason"));
    cutter.cut("text", end - cutter.offset, text);
  }],
  [fault, (cutter, end) => {
    cutter.cut("code", 2, named("code"));
    cutter.cut("faultOffset", 8, number);
    cutter.cut("text", end - cutter.offset, text);
  }],
  [authenticate, (cutter, end) => {
    cutter.cut("token", end - cutter.offset, () => ({ kind: "token" }));
  }],
  [nodeList, (cutter) => {
    cutter.cut("count", 2, number);
    const count = cutter.lastNumber;
    // Entries differ in their fields, and are no lines of a table.
    for (let entry = 1; entry <= count; entry++) cutNode(cutter);
  }],
  [refusal, (cutter, end) => {
    cutter.cut("sentence", end - cutter.offset, text);
  }],
]);

function cutAddress(cutter: Cutter): void {
  cutter.cut("addressLength", 1, addressLength);
  cutter.cut("address", cutter.lastNumber, address);
}

function cutNode(cutter: Cutter): void {
  cutter.cut("flags", 1, nodeFlags);
  cutter.cut("clients", 4, number);
  cutter.cut("messages", 4, number);
  cutter.cut("since", 8, measured("moment"));
  cutter.cut("roundTrip", 4, measured("microseconds"));
  cutter.cut("addressLength", 1, number);
  cutter.cut("address", cutter.lastNumber, text);
  cutter.cut("nameLength", 1, number);
  cutter.cut("name", cutter.lastNumber, text);
  cutter.cut("rangeCount", 2, number);
  const count = cutter.lastNumber;
  for (let range = 0; range < count; range++) {
    cutter.cut("firstNumber", 4, number);
    cutter.cut("lastNumber", 4, number);
  }
}

/** An unsigned integer of up to 2^53 - 1. */
function unsigned(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 0x100 + byte, 0);
}

function number(bytes: Uint8Array): FieldValue {
  return { kind: "number", number: unsigned(bytes) };
}

function named(
  kind: "type" | "command" | "status" | "reason" | "code",
): Say {
  return (bytes) => ({ kind, number: unsigned(bytes) });
}

function measured(
  kind: "bytes" | "milliseconds" | "microseconds" | "moment",
): Say {
  return (bytes) => ({ kind, number: unsigned(bytes) });
}

/** A number of which one value means something of its own. */
function noted(special: number, note: Note): Say {
  return (bytes) => {
    const number = unsigned(bytes);
    return number === special
      ? { kind: "number", number, note }
      : { kind: "number", number };
  };
}

function more(bytes: Uint8Array): FieldValue {
  const number = unsigned(bytes);
  return { kind: "number", number, note: number ? "moreToCome" : "noMore" };
}

function flags(bytes: Uint8Array): FieldValue {
  const number = unsigned(bytes);
  const note = number & 1 ? "tokenWanted" : "noTokenWanted";
  return { kind: "flags", number, note };
}

function nodeFlags(bytes: Uint8Array): FieldValue {
  const number = unsigned(bytes);
  const note = number & 2
    ? "missingNode"
    : number & 1
    ? "answeringNode"
    : "otherNode";
  return { kind: "flags", number, note };
}

function addressLength(bytes: Uint8Array): FieldValue {
  const number = unsigned(bytes);
  return { kind: "number", number, note: number === 4 ? "ipv4" : "ipv6" };
}

function minutes(bytes: Uint8Array): FieldValue {
  return { kind: "minutes", number: unsigned(bytes) << 16 >> 16 };
}

function address(bytes: Uint8Array): FieldValue {
  return { kind: "address", text: formatAddress(bytes) };
}

function text(bytes: Uint8Array): FieldValue {
  return { kind: "text", text: decodeText(bytes, 0) };
}

/** The magic is two characters, whatever stands in its place. */
function latin(bytes: Uint8Array): FieldValue {
  return { kind: "text", text: String.fromCharCode(...bytes) };
}

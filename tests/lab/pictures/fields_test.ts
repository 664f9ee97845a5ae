import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Field, FieldKey } from "../../../lab/pictures/field.ts";
import { fieldsOf } from "../../../lab/pictures/fields.ts";
import { malformed, type Vector, vectors } from "../../protocol/vectors.ts";

/** That fields have all bytes in order, and no byte twice. */
function assertWhole(fields: readonly Field[], frame: Uint8Array): void {
  let end = 0;
  for (const { offset, bytes } of fields) {
    assertStrictEquals(offset, end);
    end += bytes.length;
  }
  assertStrictEquals(end, frame.length);
  const all = fields.map(({ bytes }) => bytes.toHex()).join("");
  assertStrictEquals(all, frame.toHex());
}

function raw({ value, bytes }: Field): unknown {
  if ("number" in value) return value.number;
  if ("text" in value) return value.text;
  return bytes.toHex();
}

/** What fields say, by the names that vectors.json has for them. */
function named(fields: readonly Field[], names: Names) {
  return Object.fromEntries(fields.flatMap((field) => {
    const name = names[field.key];
    return name === undefined ? [] : [[name, raw(field)]];
  }));
}

type Names = Partial<Record<FieldKey, string>>;

const NAMES: Names = {
  newestVersion: "version",
  ownNumber: "id",
  largestPayload: "maxPayload",
  longestText: "maxText",
  deliveryTimeout: "deliveryTimeoutMs",
  name: "name",
  time: "unixMs",
  utcOffset: "offsetMinutes",
  zone: "zone",
  after: "after",
  limit: "limit",
  receiver: "to",
  sender: "from",
  address: "address",
  port: "port",
  text: "text",
  reason: "reason",
  code: "code",
  faultOffset: "offset",
};

const ENTRY_NAMES: Names = {
  number: "id",
  address: "address",
  port: "port",
  connected: "connectedMs",
};

const NODE_NAMES: Names = {
  clients: "clients",
  messages: "messagesPerSecond",
  since: "sinceMs",
  roundTrip: "roundTripUs",
  address: "address",
  name: "name",
};

/** A node of the fields of its entry. */
function nodeOf(fields: readonly Field[]): unknown {
  const all = (key: FieldKey) =>
    fields.filter((field) => field.key === key).map(raw) as number[];
  const [flags] = all("flags");
  const lasts = all("lastNumber");
  return {
    ...named(fields, NODE_NAMES),
    self: (flags! & 1) !== 0,
    missing: (flags! & 2) !== 0,
    ranges: all("firstNumber").map((first, i) => ({ first, last: lasts[i] })),
  };
}

/** The value of a payload as vectors.json has it. */
function valueOf(payload: readonly Field[]): unknown {
  const [first] = payload;
  if (first === undefined) return null;
  const field = (key: FieldKey) => payload.find((field) => field.key === key);
  const flags = field("flags");
  switch (first.key) {
    case "payload":
      return { payload: first.bytes.toHex() };
    case "name":
    case "token":
    case "sentence":
      return raw(first);
    case "newestVersion":
      return {
        ...named(payload, NAMES),
        tokenWanted: flags?.value.kind === "flags" &&
          flags.value.note === "tokenWanted",
      };
    case "more": {
      const entries = Map.groupBy(payload.slice(2), ({ entry }) => entry);
      assertEquals(
        [...entries.keys()],
        Array.from({ length: raw(field("count")!) as number }, (_, i) => i + 1),
      );
      return {
        more: raw(first) === 1,
        clients: [...entries.values()]
          .map((fields) => named(fields, ENTRY_NAMES)),
      };
    }
    case "count": {
      const starts = payload.flatMap(({ key }, i) =>
        key === "flags" ? [i] : []
      );
      assertEquals(starts.length, raw(first));
      return starts.map((start, i) =>
        nodeOf(payload.slice(start, starts[i + 1]))
      );
    }
    default:
      return named(payload, NAMES);
  }
}

/** A mapped IPv4 address goes as 4 bytes, and is read as what it stands for. */
function asRead(vector: Vector): unknown {
  const text = JSON.stringify(vector.value).replaceAll("::ffff:", "");
  const value = JSON.parse(text);
  return value?.payload === "" ? null : value;
}

for (const vector of vectors) {
  Deno.test(`fields: ${vector.name}`, () => {
    const frame = Uint8Array.fromHex(vector.hex);
    const fields = fieldsOf(frame);
    assertWhole(fields, frame);
    const [magic, version, type, command, status, id, length, ...payload] =
      fields;
    assertEquals(
      [magic, version, type, command, status, id, length].map((f) => f?.key),
      ["magic", "version", "type", "command", "status", "id", "length"],
    );
    assertEquals(
      [magic, version, type, command, status, id, length].map((f) => raw(f!)),
      [
        "PY",
        1,
        vector.type,
        vector.command,
        vector.status,
        vector.id,
        frame.length - 16,
      ],
    );
    assertEquals(valueOf(payload), asRead(vector));
  });
}

Deno.test("fields: a stream that is wrong is still shown whole", () => {
  for (const { name, hex, goodFrames, error } of malformed) {
    const stream = Uint8Array.fromHex(hex);
    const fields = fieldsOf(stream);
    assertWhole(fields, stream);
    // A picture knows no limits.
    if (error.code === "payloadTooLarge") continue;
    const { value } = fields.at(-1)!;
    assert(value.kind === "obscure", name);
    // What is behind a first frame that is right is not looked at.
    if (goodFrames > 0) assertStrictEquals(value.why, "behind", name);
  }
});

Deno.test("fields: what is wrong is said", () => {
  const last = (name: string) => {
    const stream = malformed.find((stream) => stream.name === name)!;
    const { key, value } = fieldsOf(Uint8Array.fromHex(stream.hex)).at(-1)!;
    assert(value.kind === "obscure");
    return [key, value.why, value.message];
  };
  assertEquals(last("HTTP"), [
    "rest",
    "noFrame",
    "Expected the magic 0x5059, got 0x4745",
  ]);
  assertEquals(last("version 2"), [
    "rest",
    "noFrame",
    "Expected version 1, got 2",
  ]);
  assertEquals(last("stream ends after 5 of the header's bytes"), [
    "rest",
    "truncated",
    undefined,
  ]);
  assertEquals(last("stream ends in mid-payload").slice(0, 2), [
    "rest",
    "truncated",
  ]);
  assertEquals(last("ping, one byte too long"), [
    "payload",
    "malformed",
    "Expected the payload to end after 0 bytes, got 1",
  ]);
  assertEquals(last("send request, one byte too short").slice(0, 2), [
    "payload",
    "malformed",
  ]);
});

Deno.test("fields: a header's fields are there as far as they are right", () => {
  const keys = (hex: string) =>
    fieldsOf(Uint8Array.fromHex(hex)).map(({ key }) => key);
  assertEquals(keys("47455420"), ["magic", "rest"]);
  assertEquals(keys("505902010000"), ["magic", "version", "rest"]);
  assertEquals(keys("505901040000"), ["magic", "version", "type", "rest"]);
  assertEquals(keys("5059010100"), ["magic", "version", "type", "rest"]);
  assertEquals(keys("50"), ["rest"]);
  assertEquals(keys(""), ["rest"]);
});

Deno.test("fields: no bytes make them throw, or get lost", () => {
  for (const { hex } of [...vectors, ...malformed]) {
    const frame = Uint8Array.fromHex(hex).slice(0, 120);
    for (let at = 0; at < frame.length; at++) {
      assertWhole(fieldsOf(frame.subarray(0, at)), frame.subarray(0, at));
      const changed = frame.slice();
      for (const change of [0x01, 0x80, 0xff]) {
        changed[at]! ^= change;
        assertWhole(fieldsOf(changed), changed);
      }
    }
  }
});

Deno.test("fields: a payload that is announced larger than memory is no matter", () => {
  const frame = Uint8Array.fromHex("505901010005000000000001ffffffff00000002");
  assertEquals(fieldsOf(frame).at(-1)?.value, {
    kind: "obscure",
    why: "truncated",
  });
});

Deno.test("fields: status and id mean something in some packets only", () => {
  const fields = (hex: string) => fieldsOf(Uint8Array.fromHex(hex)).slice(4, 6);
  const values = (hex: string) => fields(hex).map(({ value }) => value);
  assertEquals(values("50590101000200000000000000000000"), [
    { kind: "number", number: 0 },
    { kind: "number", number: 0 },
  ]);
  assertEquals(values("50590102000200000000000000000000"), [
    { kind: "status", number: 0 },
    { kind: "number", number: 0 },
  ]);
  assertEquals(values("50590103000700000000000000000000"), [
    { kind: "number", number: 0 },
    { kind: "number", number: 0, note: "noAnswer" },
  ]);
});

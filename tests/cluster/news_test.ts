import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeNews,
  decodeNumber,
  decodeSnapshot,
  encodeJson,
  type News,
  type Snapshot,
} from "../../cluster/news.ts";

const CLIENT = { id: 1, address: "192.0.2.1", port: 5001, connectedMs: 17 };
const STATE = {
  id: 1,
  name: "lab",
  address: "192.0.2.9:2203",
  sinceMs: 1_790_000_000_000,
  clients: 1,
  messagesPerSecond: 3,
  version: 4,
  connection: 1,
  blocks: [1, 4],
  highestBlock: 5,
};
const NEWS: News[] = [
  { kind: "who" },
  { kind: "state", state: STATE },
  {
    kind: "changes",
    id: 1,
    since: 0,
    version: 1,
    joined: [CLIENT],
    left: [2],
  },
  { kind: "leaving", id: 1 },
  { kind: "gone", id: 1 },
];
const SNAPSHOT: Snapshot = { version: 1, clients: [CLIENT], more: true };

/** What a value can be in place of what it is to be. */
const WRONG = [undefined, null, -1, 0.5, 2 ** 53, "1x", [null], {}];

/** A value with one of its fields, however deep, wrong; and where that is. */
function* spoiled(value: unknown, at = ""): Iterable<[string, unknown]> {
  if (at !== "") {
    for (const wrong of WRONG) yield [`${at}: ${JSON.stringify(wrong)}`, wrong];
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const [where, wrong] of spoiled(inner, `${at}/${key}`)) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[key] = wrong;
      yield [where, copy];
    }
  }
}

const bytes = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value) ?? "");

Deno.test("news and snapshots are read as they were written", () => {
  for (const news of NEWS) assertEquals(decodeNews(encodeJson(news)), news);
  assertEquals(decodeSnapshot(encodeJson(SNAPSHOT)), SNAPSHOT);
  assertEquals(decodeNumber(encodeJson(0xffffffff)), 0xffffffff);
});

Deno.test("what is not news, or has a field that is none, is an error", () => {
  for (
    const value of [undefined, null, 1, "who", [], {}, { kind: "toString" }]
  ) {
    assertThrows(() => decodeNews(bytes(value)), TypeError, "Expected news");
  }
  assertThrows(() => decodeNews(Uint8Array.of(0xff)), TypeError);
  for (const news of NEWS) {
    for (const [where, value] of spoiled(news)) {
      // Any text is a name, and an empty list one of numbers; see below.
      if (isRight(where)) continue;
      assertThrows(() => decodeNews(bytes(value)), TypeError, "got", where);
    }
  }
});

Deno.test("what is no snapshot, and no number, is an error", () => {
  for (const [where, value] of spoiled(SNAPSHOT)) {
    if (isRight(where)) continue;
    assertThrows(() => decodeSnapshot(bytes(value)), TypeError, "", where);
  }
  for (const value of [undefined, null, -1, 0.5, 2 ** 32, "1", [1], {}]) {
    assertThrows(() => decodeNumber(bytes(value)), TypeError, "a number");
  }
});

function isRight(where: string): boolean {
  return /\/(name|address): "1x"$/.test(where);
}

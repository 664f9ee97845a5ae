import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  type Codec,
  Command,
  FrameType,
  payloadLayout,
  refusal,
  Status,
} from "../../protocol/mod.ts";
import * as protocol from "../../protocol/mod.ts";

type Row = readonly [
  command: keyof typeof Command,
  request: keyof typeof protocol | undefined,
  response: keyof typeof protocol | undefined,
  indication: keyof typeof protocol | undefined,
];

const table: readonly Row[] = [
  ["hello", undefined, undefined, "hello"],
  ["time", "empty", "time", undefined],
  ["name", "empty", "name", undefined],
  ["list", "listQuery", "listPage", undefined],
  ["send", "send", "empty", undefined],
  ["message", undefined, "empty", "message"],
  ["ping", undefined, "empty", "empty"],
  ["goodbye", undefined, "empty", "goodbye"],
  ["error", undefined, undefined, "fault"],
  ["authenticate", "authenticate", "empty", undefined],
  ["nodes", "empty", "nodeList", undefined],
];

function layout(type: FrameType, command: number, status: number = Status.ok) {
  return payloadLayout({ type, command, status, id: 1 });
}

for (const [command, request, response, indication] of table) {
  Deno.test(`payloadLayout() knows the frames of ${command}`, () => {
    const codec = (name: keyof typeof protocol | undefined) =>
      name && protocol[name] as unknown as Codec<unknown>;
    const number = Command[command];
    assertStrictEquals(layout(FrameType.request, number), codec(request));
    assertStrictEquals(layout(FrameType.response, number), codec(response));
    assertStrictEquals(layout(FrameType.indication, number), codec(indication));
  });
}

Deno.test("payloadLayout() knows no other commands", () => {
  const known = new Set<number>(Object.values(Command));
  assertEquals(known.size, table.length);
  for (let command = 0; command <= 0xffff; command++) {
    if (known.has(command)) continue;
    for (const type of Object.values(FrameType)) {
      if (layout(type, command) !== undefined) {
        throw new Error(`type ${type}, command ${command} has a layout`);
      }
    }
  }
});

Deno.test("payloadLayout() takes every status but ok for a refusal, in responses only", () => {
  for (const status of [...Object.values(Status), 77, 0xffff]) {
    if (status === Status.ok) continue;
    assertStrictEquals(layout(FrameType.response, 2, status), refusal);
    assertStrictEquals(layout(FrameType.response, 77, status), refusal);
    assertStrictEquals(
      layout(FrameType.request, 2, status),
      layout(FrameType.request, 2),
    );
  }
});

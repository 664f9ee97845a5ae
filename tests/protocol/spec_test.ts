import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  Command,
  commandName,
  decodePayload,
  type Frame,
  FrameDecoder,
  GoodbyeReason,
  MAX_TEXT,
  MAX_TOKEN_SIZE,
  PAYLOAD_MARGIN,
  payloadLayout,
  ProtocolErrorCode,
  Status,
  statusName,
} from "../../protocol/mod.ts";

const spec = await Deno.readTextFile(
  new URL("../../protocol/SPEC.md", import.meta.url),
);

/** The first two columns of the table below a heading. */
function table(heading: string): [number, string][] {
  const [, section = ""] = spec.split(`\n### ${heading}\n`);
  return section.split("\n#")[0]!.split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, number]) => /^\d+$/.test(number ?? ""))
    .map(([, number, name]) => [
      Number(number),
      name!.replaceAll("_", ""),
    ]);
}

/** The names of a table of numbers, as SPEC.md writes them. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

Deno.test("SPEC.md has every command with its number", () => {
  assertEquals(
    table("Commands"),
    Object.values(Command).map((n) => [n, commandName(n)]),
  );
});

Deno.test("SPEC.md has every status with its number", () => {
  assertEquals(
    table("Statuses"),
    Object.values(Status).map((n) => [n, statusName(n).replaceAll("-", " ")]),
  );
});

Deno.test("SPEC.md has every reason and every error code with its number", () => {
  for (
    const [heading, numbers] of [
      ["Reasons of a goodbye", GoodbyeReason],
      ["Error codes", ProtocolErrorCode],
    ] as const
  ) {
    assertEquals(
      table(heading),
      Object.entries(numbers).map(([name, n]) => [n, words(name)]),
    );
  }
});

Deno.test("SPEC.md has the limits that hold for every server", () => {
  const [, limits = ""] = spec.split("\n## 7. Limits\n");
  const plain = limits.replaceAll(/\s+/g, " ");
  const said = (bytes: number) => `${bytes.toLocaleString("en")} bytes`;
  assertStringIncludes(plain, `| token | 1 to ${said(MAX_TOKEN_SIZE)} |`);
  assertStringIncludes(plain, `longest text is at most ${said(MAX_TEXT)}`);
  assertStringIncludes(plain, `at least ${said(PAYLOAD_MARGIN)} more`);
});

Deno.test("SPEC.md's visit in bytes is what it says it is", () => {
  const [, visit = ""] = spec.split("\n## 8. A visit in bytes\n");
  const hex = visit.match(/(?:^ +(?:[0-9a-f]{2} ?)+$\n?)+/gm) ?? [];
  const commands: string[] = [];
  for (const text of hex) {
    const decoder = new FrameDecoder({ maxPayload: 1024 });
    const frames: Frame[] = [];
    decoder.push(
      Uint8Array.fromHex(text.replaceAll(/\s/g, "")),
      (frame) => frames.push(frame),
    );
    decoder.end();
    const [frame, ...others] = frames;
    assert(frame !== undefined && others.length === 0, text);
    const layout = payloadLayout(frame);
    assert(layout !== undefined, text);
    decodePayload(frame, layout);
    commands.push(`${frame.type} ${commandName(frame.command)}`);
  }
  assertEquals(commands, [
    ..."3 hello,1 time,2 time,1 name,2 name,1 list,2 list".split(","),
    ..."1 send,3 message,2 message,2 send,1 send,2 send".split(","),
    ..."3 ping,2 ping,3 goodbye,2 goodbye".split(","),
    "3 hello",
    ..."1 authenticate,2 authenticate,1 authenticate,2 authenticate".split(","),
    "3 error",
  ]);
});

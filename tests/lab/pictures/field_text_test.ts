import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { FieldKey } from "../../../lab/pictures/field.ts";
import { fieldsOf } from "../../../lab/pictures/fields.ts";
import { fieldFigure, fieldText } from "../../../lab/pictures/field_text.ts";
import { pictureTexts } from "../../../lab/pictures/texts.ts";
import {
  Command,
  commandName,
  FrameType,
  GoodbyeReason,
  ProtocolErrorCode,
  Status,
  statusName,
} from "../../../protocol/mod.ts";
import { UNSAFE_TEXT } from "../../../terminal/visible_text.ts";
import { malformed, vectors } from "../../protocol/vectors.ts";

function field(name: string, key: FieldKey) {
  const { hex } = [...vectors, ...malformed]
    .find((vector) => vector.name === name)!;
  return fieldsOf(Uint8Array.fromHex(hex)).find((field) => field.key === key)!;
}

Deno.test("field texts: each kind of value, in both languages", () => {
  const cases: [name: string, key: FieldKey, en: string, zh: string][] = [
    ["hello", "magic", '"PY"', "“PY”"],
    ["hello", "type", "3 indication", "3 指示"],
    ["message", "command", "6 message", "6 message（消息）"],
    ["message", "length", "16 bytes", "16 字节"],
    ["hello", "id", "0 (no answer expected)", "0（不需要响应）"],
    ["hello", "flags", "0x00 (no token is wanted)", "0x00（不需要令牌）"],
    ["hello", "deliveryTimeout", "5,000 ms", "5,000 毫秒"],
    ["hello", "largestPayload", "65,536 bytes", "65,536 字节"],
    [
      "time response",
      "time",
      "2025-11-22 09:29:45.123 UTC",
      "2025-11-22 09:29:45.123 UTC",
    ],
    [
      "time response",
      "utcOffset",
      "+480 min (UTC+08:00)",
      "+480 分钟（UTC+08:00）",
    ],
    [
      "time response behind UTC",
      "utcOffset",
      "−210 min (UTC−03:30)",
      "−210 分钟（UTC−03:30）",
    ],
    [
      "time response with the greatest numbers",
      "time",
      "9,007,199,254,740,991 ms",
      "9,007,199,254,740,991 毫秒",
    ],
    ["time response", "zone", '"Asia/Shanghai"', "“Asia/Shanghai”"],
    ["message in Chinese", "text", '"你好，世界"', "“你好，世界”"],
    ["message without text", "text", "empty", "空"],
    ["message from an IPv6 address", "address", "2001:db8::1", "2001:db8::1"],
    ["message", "addressLength", "4 (IPv4)", "4（IPv4）"],
    ["goodbye: silent", "reason", "7 silent", "7 没有回应"],
    [
      "goodbye for a reason of a later version",
      "reason",
      "65535 (unknown)",
      "65535（未知）",
    ],
    ["error: badText", "code", "7 bad text", "7 文本错误"],
    ["refusal: unknown number", "status", "16 unknown number", "16 编号不存在"],
    [
      "authenticate request with a token that is not UTF-8",
      "token",
      "ff fe 00 80 c0 af",
      "ff fe 00 80 c0 af",
    ],
    [
      "nodes response of a server on its own",
      "flags",
      "0x01 (the node that answers)",
      "0x01（作答的节点）",
    ],
    [
      "nodes response with flags of a later version, self and missing",
      "flags",
      "0xff (it does not answer now)",
      "0xff（目前没有应答）",
    ],
    [
      "nodes response with flags of a later version, neither self nor missing",
      "flags",
      "0xfc (another node)",
      "0xfc（其他节点）",
    ],
    ["nodes response of a server on its own", "roundTrip", "0 µs", "0 微秒"],
    [
      "request with an unknown command",
      "payload",
      "the command is unknown",
      "命令未知",
    ],
    [
      "version 2",
      "rest",
      "no frame: Expected version 1, got 2",
      "不是帧：Expected version 1, got 2",
    ],
  ];
  for (const [name, key, en, zh] of cases) {
    assertStrictEquals(fieldText(field(name, key), "en"), en);
    assertStrictEquals(fieldText(field(name, key), "zh"), zh);
  }
});

Deno.test("field texts: nothing can be obeyed by whoever prints them", () => {
  for (const { hex } of [...vectors, ...malformed]) {
    for (const field of fieldsOf(Uint8Array.fromHex(hex))) {
      for (const language of ["en", "zh"] as const) {
        const text = fieldText(field, language);
        assert(text !== "" && text.search(UNSAFE_TEXT) === -1, text);
        assert(fieldFigure(field, language).length <= text.length);
      }
    }
  }
  const name = "send request with characters of every length, a NUL and U+FFFD";
  assertStrictEquals(
    fieldText(field(name, "text"), "en"),
    '"aé中😀␀␊\ufffd\u{10ffff}"',
  );
});

Deno.test("texts: English names are those of SPEC.md", () => {
  const { names } = pictureTexts.en;
  const words = (name: string) =>
    name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  for (const [key, number] of Object.entries(Command)) {
    const name: string = names.command[key as keyof typeof Command];
    assertStrictEquals(name, commandName(number));
  }
  for (const [key, number] of Object.entries(Status)) {
    const name = names.status[key as keyof typeof Status];
    assertStrictEquals(name, statusName(number).replaceAll("-", " "));
  }
  for (
    const [numbers, named] of [
      [FrameType, names.type],
      [GoodbyeReason, names.reason],
      [ProtocolErrorCode, names.code],
    ] as const
  ) {
    assertEquals<unknown>(
      named,
      Object.fromEntries(
        Object.keys(numbers).map((key) => [key, words(key)]),
      ),
    );
  }
});

Deno.test("texts: Chinese ones are Chinese, and no two fields of a payload alike", () => {
  const { fields, names } = pictureTexts.zh;
  for (const text of [fields, ...Object.values(names)].flatMap(Object.values)) {
    assert(/\p{Script=Han}/u.test(text as string), text as string);
  }
  for (const { name, hex } of vectors) {
    for (const language of ["en", "zh"] as const) {
      const keys = new Set(
        fieldsOf(Uint8Array.fromHex(hex)).map(({ key }) => key),
      );
      const shown = [...keys].map((key) => pictureTexts[language].fields[key]);
      assertStrictEquals(new Set(shown).size, shown.length, name);
    }
  }
});

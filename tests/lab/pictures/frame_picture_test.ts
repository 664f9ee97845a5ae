import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Language } from "../../../lab/language.ts";
import { fieldText } from "../../../lab/pictures/field_text.ts";
import { fieldsOf } from "../../../lab/pictures/fields.ts";
import {
  framePicture,
  type FramePictureOptions,
} from "../../../lab/pictures/frame_picture.ts";
import { pictureTexts } from "../../../lab/pictures/texts.ts";
import {
  Command,
  encodeFrame,
  FrameType,
  listPage,
  message,
  send,
} from "../../../protocol/mod.ts";
import { malformed, vectors } from "../../protocol/vectors.ts";
import {
  assertReadable,
  assertSelfContained,
  type Element,
  elements,
  parse,
  styles,
  type Text,
  texts,
} from "./drawing.ts";

const all = [...vectors, ...malformed]
  .map(({ name, hex }) => ({ name, frame: Uint8Array.fromHex(hex) }));

function draw(frame: Uint8Array, options: Partial<FramePictureOptions> = {}) {
  const basis = { from: "client", to: "server", language: "en" } as const;
  return framePicture({ ...basis, frame, ...options });
}

function frameOf(name: string): Uint8Array {
  return all.find((one) => one.name === name)!.frame;
}

function has(text: Text, name: string): boolean {
  return text.classes.includes(name);
}

/** A message to be sent. */
function sending(text: string): Uint8Array {
  const header = {
    type: FrameType.request,
    command: Command.send,
    status: 0,
    id: 1,
  };
  return encodeFrame(header, send, {
    to: 2,
    text: new TextEncoder().encode(text),
  });
}

/** A page of the list with `count` clients, every other with IPv6. */
function listing(count: number): Uint8Array {
  const header = {
    type: FrameType.response,
    command: Command.list,
    status: 0,
    id: 1,
  };
  return encodeFrame(header, listPage, {
    more: false,
    clients: Array.from({ length: count }, (_, i) => ({
      id: i + 1,
      address: i % 2 ? `2001:db8::${i.toString(16)}` : "192.0.2.1",
      port: 40000 + i,
      connectedMs: 1_763_803_785_123,
    })),
  });
}

for (const language of ["en", "zh"] as const) {
  Deno.test(`frame pictures (${language}): all frames, right or wrong`, () => {
    for (const { name, frame } of all) {
      const options = { language, from: "客户端 5", maxRows: 100 };
      const svg = draw(frame, options);
      const root = parse(svg);
      assertStrictEquals(root.name, "svg");
      assertStrictEquals(root.attributes["xml:lang"], language);
      assertSelfContained(svg);
      assertReadable(root, name);
      assertColoured(root, name);
      assertTold(root, frame, language, name);
      const bytes = texts(root).filter((text) => has(text, "hex"));
      const drawn = bytes.map(({ text }) => text).join("");
      assertStrictEquals(drawn, frame.toHex(), name);
    }
  });
}

/** That every field has a colour. */
function assertColoured(root: Element, about: string): void {
  const [light] = styles(root);
  for (const { attributes } of elements(root)) {
    const [, key] = /\b(field-\w+)/.exec(attributes.class ?? "") ?? [];
    if (key !== undefined) assertStringIncludes(light, `.${key}{fill:`, about);
  }
}

/** That every field is there with its name and its value. */
function assertTold(
  root: Element,
  frame: Uint8Array,
  language: Language,
  about: string,
): void {
  const names = pictureTexts[language].fields;
  const shown = texts(root).map(({ text }) => text);
  // Long values have several lines, and long names two.
  const joined = shown.join("").replaceAll(" ", "");
  const description = root.children[1]!;
  assertStrictEquals(description.name, "desc");
  const fields = fieldsOf(frame);
  const lines = description.text.split("\n");
  assertStrictEquals(lines.length, fields.length, about);
  fields.forEach((field, i) => {
    const name = names[field.key];
    assert(
      shown.includes(name) ||
        name.split(" ").every((word) => shown.includes(word)),
      `${about}: ${name}`,
    );
    const value = fieldText(field, language);
    if (value.length > 150) return;
    assertStringIncludes(joined, value.replaceAll(" ", ""), about);
    assert(lines[i]!.startsWith(name) && lines[i]!.endsWith(value), lines[i]);
  });
}

Deno.test("of a long frame, every byte is drawn once, or counted as left out", () => {
  const frames = [
    ...vectors.map(({ hex }) => Uint8Array.fromHex(hex))
      .filter(({ length }) => length > 48),
    ...[28, 29, 100, 5_000].map((size) => sending("x".repeat(size))),
    ...[1, 3, 40, 300].map(listing),
  ];
  for (const frame of frames) {
    for (const maxRows of [3, 4, 10]) {
      const shown = texts(parse(draw(frame, { maxRows })));
      const bytes = shown.filter((text) => has(text, "hex"));
      const omission = shown
        .find(({ text }) => /^… [\d,]+ more bytes? …$/.test(text));
      const omitted = Number(
        omission?.text.replaceAll(/\D/g, "") ?? 0,
      );
      const drawn = bytes.map(({ text }) => text).join("");
      const head = (maxRows - 1) * 16;
      const expected = omitted === 0
        ? frame.toHex()
        : frame.subarray(0, head).toHex() +
          frame.subarray(head + omitted).toHex();
      assertStrictEquals(drawn, expected);
      assertStrictEquals(drawn.length / 2 + omitted, frame.length);
      const rows = new Set(bytes.map(({ bottom }) => bottom));
      assertStrictEquals(
        rows.size,
        Math.min(maxRows, Math.ceil(frame.length / 16)),
      );
    }
  }
});

Deno.test("the header is one row, and every row says where it begins", () => {
  const shown = texts(parse(draw(frameOf("message from an IPv6 address"))));
  const rows = Map.groupBy(
    shown.filter((text) => has(text, "hex")),
    ({ bottom }) => bottom,
  );
  assertEquals([...rows.values()].map((row) => row.length), [16, 16, 12]);
  for (const [i, [bottom, row]] of [...rows].entries()) {
    const [offset] = shown.filter((text) =>
      text.right < row[0]!.left && Math.abs(text.bottom - bottom) < 4
    );
    assertStrictEquals(offset?.text, `${16 * i}`);
  }
});

Deno.test("what bytes say stands below them", () => {
  const shown = texts(parse(draw(frameOf("send request in Chinese"))));
  const middle = ({ left, right }: Text) => (left + right) / 2;
  const hex = shown.filter((text) => has(text, "hex"));
  const below = shown.filter((text) => has(text, "character"));
  assertEquals(below.map(({ text }) => text).join(""), "PY你好，世界");
  // Of three bytes, the character is in the middle.
  assertStrictEquals(middle(below[2]!), middle(hex[21]!));
  assertStrictEquals(middle(below[3]!), middle(hex[24]!));
  const command = shown.find(({ text }) => text === "5 send")!;
  assertStrictEquals(
    middle(command),
    (middle(hex[4]!) + middle(hex[5]!)) / 2,
  );
  assert(command.top > hex[4]!.bottom);
});

Deno.test("a character that goes over the end of a row stands where most of it is", () => {
  // The text has 12 bytes of its first row, and the character has three.
  for (const [before, row] of [[10, 1], [11, 2]] as const) {
    const shown = texts(parse(draw(sending(`${"a".repeat(before)}你b`))));
    const rows = new Set(
      shown.filter((text) => has(text, "hex")).map(({ top }) => top),
    );
    const { top } = shown.find(({ text }) => text === "你")!;
    const above = [...rows].filter((row) => row < top);
    assertStrictEquals(above.length - 1, row);
  }
});

Deno.test("characters that are not seen are shown", () => {
  const text = "a b\0\n\r\x1b\x7f\u202e\u200d\u0301\ufeff\u{e0001}";
  const shown = texts(parse(draw(sending(text))))
    .filter((text) => has(text, "character") || has(text, "code"))
    .map(({ text }) => text);
  assertEquals(shown.slice(2), [
    ...["a", "␣", "b", "NUL", "LF", "CR", "ESC", "DEL"],
    ...["U+202E", "U+200D", "◌\u0301", "U+FEFF", "U+E0001"],
  ]);
});

Deno.test("bytes that cannot be read are shown as in a dump", () => {
  const shown = texts(parse(draw(frameOf("HTTP"))))
    .filter((text) => has(text, "character"))
    .map(({ text }) => text);
  assertStrictEquals(shown.join(""), "GET␣/␣HTTP/1.1CRLFCRLF");
});

Deno.test("the title says who sends what to whom", () => {
  const title = (frame: Uint8Array, language: "en" | "zh" = "en") => {
    const root = parse(draw(frame, { language, from: "A", to: "B" }));
    const [shown] = texts(root).filter((text) => has(text, "title"));
    assertStrictEquals(root.children[0]!.name, "title");
    assertStrictEquals(root.children[0]!.text, shown!.text);
    return shown!.text;
  };
  assertStrictEquals(title(frameOf("time request")), "A → B · request · time");
  assertStrictEquals(
    title(frameOf("time request"), "zh"),
    "A → B · 请求 · time（时间）",
  );
  assertStringIncludes(
    title(frameOf("refusal: unknown number")),
    " · 16 unknown number",
  );
  assertStringIncludes(
    title(frameOf("request with the greatest command, without payload")),
    "A → B · request · command 65535",
  );
  assertStrictEquals(title(frameOf("HTTP")), "A → B · no frame");
});

Deno.test("texts from elsewhere are escaped and made harmless", () => {
  const text = `<b a="1">&amp;\x1b[2J\u202e\uffff]]>`;
  const svg = draw(sending(text), { from: text, to: `${text}\ud800` });
  const root = parse(svg);
  assertSelfContained(svg);
  assertStringIncludes(
    root.children[0]!.text,
    `<b a="1">&amp;␛[2J<U+202E><U+FFFF>]]>`,
  );
  for (const sign of ["\x1b", "\u202e", "\uffff"]) assert(!svg.includes(sign));
  assertStringIncludes(svg, "&lt;b a=&quot;1&quot;&gt;&amp;amp;");
});

Deno.test("a long text, name or list stays within the picture", () => {
  const cases: [frame: Uint8Array, from: string][] = [
    [sending("服务器".repeat(100)), "很长的名字".repeat(40)],
    [sending("W".repeat(9_000)), "M".repeat(300)],
    [sending("word ".repeat(9_000)), "word ".repeat(60)],
    [listing(3), "client 5"],
    [listing(1_000), "client 5"],
  ];
  for (const language of ["en", "zh"] as const) {
    for (const [frame, from] of cases) {
      const root = parse(draw(frame, { from, language }));
      assertReadable(root, from.slice(0, 20));
      assert(Number(root.attributes.height) < 1_500);
    }
  }
});

Deno.test("of a long list, entries are shown and left out as a whole", () => {
  const root = parse(draw(listing(30), { maxRows: 5 }));
  const shown = texts(root).map(({ text }) => text);
  // The 48 bytes of three rows have the first and a part of the second entry,
  // the last row has one byte of the last.
  const entries = shown.filter((text) => /^entry \d+$/.test(text));
  assertEquals([...new Set(entries)], ["entry 1", "entry 2", "entry 30"]);
  assert(shown.includes("… 704 more bytes …"));
  assert(shown.includes("… 27 more entries …"));
  assert(shown.includes("2001:db8::1d"));
});

Deno.test("the same field of a header has the same colour everywhere", () => {
  const colours = (name: string) => {
    const [light] = styles(parse(draw(frameOf(name))));
    return Object.fromEntries(
      [...light.matchAll(/\.field-(\w+)\{fill:(#\w+)\}/g)]
        .map(([, key, colour]) => [key, colour])
        .slice(0, 7),
    );
  };
  const expected = colours("time request");
  assertEquals(Object.keys(expected).length, 7);
  assertEquals(new Set(Object.values(expected)).size, 7);
  for (const name of ["hello", "message", "list response, empty", "ping"]) {
    assertEquals(colours(name), expected);
  }
});

Deno.test("a picture is light, or follows the reader", () => {
  const frame = frameOf("message");
  for (const theme of [undefined, "light"] as const) {
    const svg = draw(frame, theme && { theme });
    assert(!svg.includes("@media"));
    assertStringIncludes(svg, 'class="parley-frame-light"');
  }
  const [light, dark] = styles(parse(draw(frame, { theme: "auto" })));
  for (const rule of [".card{", "text{fill", ".field-magic{"]) {
    const [one, other] = [light, dark]
      .map((css) => css.split("\n").findLast((line) => line.includes(rule)));
    assert(one !== undefined && other !== undefined && one !== other, rule);
  }
});

Deno.test("no rule of a picture's style touches what is not its own", () => {
  for (const theme of ["light", "auto"] as const) {
    const css = styles(parse(draw(frameOf("hello"), { theme }))).join("");
    const rules = css.match(/^.*\{.*\}$/gm)!;
    assert(rules.length > 20);
    for (const rule of rules) {
      assert(rule.startsWith(`.parley-frame-${theme} `), rule);
    }
  }
});

Deno.test("a number stands where there is no room for a name, and in the table", () => {
  const chips = texts(parse(draw(frameOf("message"))))
    .filter(({ text }) => text === "10");
  // Above the box of the address length, and before its name in the table.
  assertStrictEquals(chips.filter((text) => has(text, "small")).length, 3);
});

Deno.test("a message's picture is drawn from what is sent", () => {
  const frame = encodeFrame(
    { type: FrameType.indication, command: Command.message, status: 0, id: 7 },
    message,
    {
      from: 3,
      address: "192.0.2.22",
      port: 40312,
      text: new TextEncoder().encode("hi"),
    },
  );
  const description = parse(draw(frame)).children[1]!.text.split("\n");
  assertEquals(description.slice(5), [
    "id (8+4): 7",
    "payload length (12+4): 13 bytes",
    "sender's number (16+4): 3",
    "port (20+2): 40312",
    "address length (22+1): 4 (IPv4)",
    "address (23+4): 192.0.2.22",
    'text (27+2): "hi"',
  ]);
});

Deno.test("too few rows are refused", () => {
  const frame = frameOf("message");
  for (const maxRows of [2, 0, -1, NaN]) {
    assertThrows(
      () => draw(frame, { maxRows }),
      RangeError,
      `Expected at least 3 rows for a frame, got ${maxRows}`,
    );
  }
});

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { textWidth } from "../../../lab/pictures/text_width.ts";
import { wrapped } from "../../../lab/pictures/wrapped.ts";

const TEXTS = [
  "",
  "a",
  "The text is longer than the server's hello allows: 65,536 bytes.",
  "请求 send（发送），标识 9，帧不完整，18 字节",
  "x".repeat(500),
  "2001:db8:1111:2222:3333:4444:5555:6666",
  "👩‍👩‍👧".repeat(30),
  " leading and  double   spaces ",
];

Deno.test("wrapped lines fit, and have all of the text or an ellipsis", () => {
  for (const text of TEXTS) {
    for (const width of [1, 30, 77, 200, 2_000]) {
      for (const count of [1, 2, 3, 1_000]) {
        const lines = wrapped(text, 12, width, count);
        assert(lines.length >= 1 && lines.length <= count);
        for (const line of lines) {
          const characters = [...new Intl.Segmenter().segment(line)].length;
          assert(
            textWidth(line, 12) <= width + 0.01 || characters <= 2,
            `"${line}" in ${width}`,
          );
        }
        const joined = lines.join("").replaceAll(" ", "");
        const whole = text.replaceAll(" ", "");
        assert(
          joined === whole ||
            lines.length === count && joined.endsWith("…") &&
              whole.startsWith(joined.slice(0, -1)),
          joined,
        );
      }
    }
  }
});

Deno.test("lines end where people would end them", () => {
  const lines = (text: string, width: number) => wrapped(text, 10, width, 9);
  assertEquals(lines("request send, id 10, 42 bytes", 120), [
    "request send, id 10,",
    "42 bytes",
  ]);
  assertEquals(lines("request send, id 10, 42 bytes", 140), [
    "request send, id 10,",
    "42 bytes",
  ]);
  assertEquals(lines("request send, id 10", 105), ["request send,", "id 10"]);
  assertEquals(lines("标识 10，42 字节", 60), ["标识 10，", "42 字节"]);
  assertEquals(lines("标识 10，42 字节", 80), ["标识 10，", "42 字节"]);
  assertEquals(lines("你好，世界（一）", 30), ["你好，", "世界", "（一）"]);
  assertEquals(lines("2001:db8:1111:2222", 70), ["2001:db8:", "1111:2222"]);
});

Deno.test("what would change the rest of the text is wrapped as it is shown", () => {
  const [line] = wrapped("a\u202eb\n", 10, 500, 1);
  assertStrictEquals(line, "a<U+202E>b␊");
});

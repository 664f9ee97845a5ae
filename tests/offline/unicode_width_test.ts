import { assertEquals } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";

Deno.test("unicodeWidth counts the columns of a terminal", () => {
  const widths: Record<string, number> = {
    "": 0,
    "plain": 5,
    "é ñ": 3,
    "e\u0301": 1,
    "你好": 4,
    "こんにちは": 10,
    "한국어": 6,
    "（全角）！": 10,
    "👋": 2,
    "a👋b": 4,
    "→↑": 2,
    "…": 1,
    "\u200b": 0,
  };
  for (const [text, width] of Object.entries(widths)) {
    assertEquals(unicodeWidth(text), width, text);
  }
});

import { assertEquals, assertRejects } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { toText } from "@std/streams/to-text";

function lines(...chunks: string[]): Promise<string[]> {
  return Array.fromAsync(
    ReadableStream.from(chunks).pipeThrough(new TextLineStream()),
  );
}

Deno.test("TextLineStream finds the same lines however the text is chopped", async () => {
  const text = "one\ntwo\r\n\nfo\rur\r\nlast";
  const expected = ["one", "two", "", "fo\rur", "last"];
  assertEquals(await lines(text), expected);
  assertEquals(await lines(...text), expected);
  for (let at = 0; at <= text.length; at++) {
    assertEquals(await lines(text.slice(0, at), text.slice(at)), expected);
  }
});

Deno.test("TextLineStream gives no empty line after the last line end", async () => {
  assertEquals(await lines("a\n"), ["a"]);
  assertEquals(await lines(""), []);
  assertEquals(await lines(), []);
  assertEquals(await lines("\n"), [""]);
});

Deno.test("TextLineStream leaves the \\r of a last line that has no \\n", async () => {
  assertEquals(await lines("a\r"), ["a\r"]);
});

Deno.test("toText reads text and bytes", async () => {
  const chunks = ["Grüße", "", " 你好"];
  assertEquals(await toText(ReadableStream.from(chunks)), "Grüße 你好");

  const bytes = new TextEncoder().encode("Grüße 你好");
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  assertEquals(await toText(ReadableStream.from(single)), "Grüße 你好");
  assertEquals(await toText(ReadableStream.from<string>([])), "");
});

Deno.test("toText fails with the stream's error", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new RangeError("gone")),
  });
  await assertRejects(() => toText(stream), RangeError, "gone");
});

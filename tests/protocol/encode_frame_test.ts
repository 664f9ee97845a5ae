import { assertEquals } from "@std/assert";
import { empty, encodeFrame, FrameType, name } from "../../protocol/mod.ts";

const header = { type: FrameType.response, command: 3, status: 0, id: 7 };

Deno.test("encodeFrame() makes a buffer of exactly the frame's size", () => {
  const frame = encodeFrame(header, name, "ä!");
  assertEquals(
    frame.toHex(),
    "505901020003000000000007" + "00000003" + "c3a421",
  );
  assertEquals(frame.buffer.byteLength, 19);
});

Deno.test("encodeFrame() makes a frame without payload", () => {
  assertEquals(
    encodeFrame({ ...header, id: 0xffffffff }, empty, undefined).toHex(),
    "5059010200030000ffffffff00000000",
  );
});

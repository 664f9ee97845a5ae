import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  type Codec,
  decodePayload,
  type Frame,
  FrameType,
  name,
  ProtocolError,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";

const frame: Frame = {
  type: FrameType.response,
  command: 3,
  status: 0,
  id: 7,
  payload: Uint8Array.of(0x68, 0xff),
  offset: 1_000,
};

Deno.test("decodePayload() counts a fault's offset from the start of the stream", () => {
  const error = assertThrows(() => decodePayload(frame, name), ProtocolError);
  assertEquals(error.code, ProtocolErrorCode.badText);
  assertEquals(error.offset, 1_000 + 16 + 1);
  assertEquals(error.message, "Expected UTF-8 text, got bytes that are not");
});

Deno.test("decodePayload() leaves other errors as they are", () => {
  const failure = new RangeError("not the peer's fault");
  const broken: Codec<never> = {
    ...name,
    decode() {
      throw failure;
    },
  };
  assertStrictEquals(
    assertThrows(() => decodePayload(frame, broken), RangeError),
    failure,
  );
});

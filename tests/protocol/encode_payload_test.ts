import { assertEquals } from "@std/assert";
import {
  encodedPayload,
  encodeFrame,
  encodePayload,
  time,
} from "../../protocol/mod.ts";

Deno.test("a payload that was encoded before makes the same frame", () => {
  const header = { type: 2, command: 2, status: 0, id: 7 } as const;
  const value = { unixMs: 1795369445329, offsetMinutes: -90, zone: "Süd/中" };
  const payload = encodePayload(time, value);
  assertEquals(time.decode(payload), value);
  assertEquals(
    encodeFrame(header, encodedPayload, payload),
    encodeFrame(header, time, value),
  );
});

import { assertEquals, assertMatch } from "@std/assert";
import fc from "../fast_check.ts";
import {
  describeClient,
  describeMessage,
  describeTime,
  isoTime,
} from "../../client/describe.ts";

const unixMs = Date.UTC(2026, 10, 22, 17, 5, 6, 789);

Deno.test("a time is the server's clock on the wall, not this machine's", () => {
  const shown = (offsetMinutes: number) =>
    isoTime({ unixMs, offsetMinutes, zone: "" });
  assertEquals(shown(0), "2026-11-22T17:05:06.789+00:00");
  assertEquals(shown(60), "2026-11-22T18:05:06.789+01:00");
  assertEquals(shown(8 * 60), "2026-11-23T01:05:06.789+08:00");
  assertEquals(shown(-210), "2026-11-22T13:35:06.789-03:30");
  assertEquals(shown(-30), "2026-11-22T16:35:06.789-00:30");
});

Deno.test("whatever the offset, it is the same moment", () => {
  const moment = fc.integer({ min: 0, max: 4e12 });
  const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
  fc.assert(
    fc.property(moment, offset, (unixMs, offsetMinutes) => {
      const iso = isoTime({ unixMs, offsetMinutes, zone: "" });
      assertEquals(Date.parse(iso), unixMs);
    }),
  );
});

Deno.test("a time for people has the zone's name, made harmless", () => {
  const time = { unixMs, offsetMinutes: 60, zone: "Europe/Berlin\n" };
  assertEquals(
    describeTime(time),
    "2026-11-22 18:05:06 +01:00 (Europe/Berlin␊)",
  );
});

Deno.test("a client has its number, address and port; oneself is marked", () => {
  const client = { id: 12, address: "2001:db8::1", port: 9, connectedMs: 0 };
  assertMatch(describeClient(client, 1), /^ +12 +\[2001:db8::1\]:9 .*\d$/);
  assertMatch(describeClient(client, 12), /\(you\)$/);
});

Deno.test("a message has number, address and port, and nothing that a terminal obeys", () => {
  const origin = { from: 3, address: "192.0.2.1", port: 40_312 };
  assertEquals(
    describeMessage({ ...origin, text: "hi\u001b]0;x\u0007\nFrom 4" }),
    "From 3 (192.0.2.1:40312): hi␛]0;x␇␊From 4",
  );
});

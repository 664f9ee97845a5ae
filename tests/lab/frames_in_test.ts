import { assertEquals } from "@std/assert";
import type { CapturedSegment } from "../../capture/read_capture.ts";
import { framesIn } from "../../lab/frames_in.ts";

const TIME = "50590101000200000000000700000000";
const SEND = "50590101000500000000000400000006000000026869";

const client = { address: "127.0.0.1", port: 51_000 };
const server = { address: "127.0.0.1", port: 2203 };

/** Segments from the client, each with the bytes that follow the last one's. */
function segments(...payloads: string[]): CapturedSegment[] {
  let sequence = 2 ** 32 - 10; // So that the numbers begin again.
  return payloads.map((hex, i) => {
    const payload = Uint8Array.fromHex(hex);
    const segment = {
      number: i + 1,
      timeUs: i,
      from: client,
      to: server,
      sequence,
      acknowledged: 1,
      flags: 16,
      payload,
    };
    sequence = (sequence + payload.length) % 2 ** 32;
    return segment;
  });
}

function found(all: readonly CapturedSegment[]): (string | number)[][] {
  return framesIn(all)
    .map(({ segment, bytes }) => [segment.number, bytes.toHex()]);
}

Deno.test("several frames in a segment are found one by one", () => {
  assertEquals(found(segments(TIME + SEND + TIME)), [
    [1, TIME],
    [1, SEND],
    [1, TIME],
  ]);
});

Deno.test("a frame that was cut belongs to the segment that its last byte is in", () => {
  const all = segments(
    TIME + SEND.slice(0, 10),
    SEND.slice(10, 40),
    SEND.slice(40),
  );
  assertEquals(found(all), [[1, TIME], [3, SEND]]);
});

Deno.test("what was sent again counts once", () => {
  const [first, second] = segments(TIME, SEND);
  assertEquals(found([first!, first!, second!, first!, second!]), [
    [1, TIME],
    [2, SEND],
  ]);
});

Deno.test("both directions, and both connections, are kept apart", () => {
  const [half, rest] = segments(SEND.slice(0, 20), SEND.slice(20));
  const back = { ...half!, number: 3, from: server, to: client };
  const other = {
    ...half!,
    number: 4,
    from: { ...client, port: 51_001 },
  };
  assertEquals(found([half!, back, other, rest!]), [[2, SEND]]);
});

Deno.test("segments without data have no frames", () => {
  assertEquals(found(segments("", "")), []);
});

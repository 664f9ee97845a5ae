import { assertEquals, assertThrows } from "@std/assert";
import {
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  sectionHeader,
} from "../../capture/pcapng.ts";
import { readCapture } from "../../capture/read_capture.ts";
import { TcpFlag, tcpPacket } from "../../capture/tcp_packet.ts";

const TIME_US = 1_795_402_708_016_123;

function packet(port: number, address = "192.0.2.1"): Uint8Array {
  return tcpPacket({
    from: { address, port },
    to: { address, port: 2203 },
    sequence: 7,
    acknowledged: 9,
    flags: TcpFlag.psh | TcpFlag.ack,
    payload: Uint8Array.of(0x50, 0x59, port),
  });
}

function file(...blocks: Uint8Array[]): Uint8Array {
  return Uint8Array.from(blocks.flatMap((block) => [...block]));
}

const head = [sectionHeader("test"), interfaceDescription("lo", "test")];

/** A block of `type` with a body, in either byte order. */
function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, little);
  view.setUint32(4, bytes.length, little);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, bytes.length, little);
  return bytes;
}

Deno.test("what was written is read: time, ends, numbers, flags, bytes", () => {
  for (const address of ["192.0.2.1", "2001:db8::1"]) {
    const [first, second, ...others] = readCapture(file(
      ...head,
      enhancedPacket(TIME_US, "out", packet(1, address)),
      enhancedPacket(TIME_US + 1, "in", packet(2, address)),
      interfaceStatistics(TIME_US, 3),
    ));
    assertEquals(others, []);
    assertEquals(first, {
      number: 1,
      timeUs: TIME_US,
      from: { address, port: 1 },
      to: { address, port: 2203 },
      sequence: 7,
      acknowledged: 9,
      flags: TcpFlag.psh | TcpFlag.ack,
      payload: Uint8Array.of(0x50, 0x59, 1),
    });
    assertEquals([second!.number, second!.timeUs], [2, TIME_US + 1]);
  }
});

Deno.test("blocks of other kinds are skipped, and other packets counted", () => {
  const udp = packet(1).slice();
  udp[23] = 17;
  const arp = packet(1).slice();
  arp.set([0x08, 0x06], 12);
  const segments = readCapture(file(
    ...head,
    block(0xbad, new Uint8Array(8)),
    enhancedPacket(TIME_US, "out", udp),
    enhancedPacket(TIME_US, "out", arp),
    enhancedPacket(TIME_US, "out", new Uint8Array(4)),
    enhancedPacket(TIME_US, "out", packet(1)),
  ));
  assertEquals(segments.map(({ number }) => number), [4]);
});

Deno.test("padding behind a short packet is not its payload", () => {
  const padded = new Uint8Array(packet(1).length + 6).fill(0xee);
  padded.set(packet(1));
  const [segment] = readCapture(
    file(...head, enhancedPacket(TIME_US, "in", padded)),
  );
  assertEquals(segment!.payload.length, 3);
});

Deno.test("an interface that counts nanoseconds is understood", () => {
  // Link type 1, no limit, then the option if_tsresol: 10^-9.
  const body = Uint8Array.of(
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    9,
    0,
    1,
    0,
    9,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  );
  const [segment] = readCapture(file(
    sectionHeader("test"),
    block(1, body),
    enhancedPacket(TIME_US * 1000, "in", packet(1)),
  ));
  assertEquals(Math.round(segment!.timeUs), TIME_US);
});

Deno.test("a block that the file ends in is left out", () => {
  const whole = file(
    ...head,
    enhancedPacket(TIME_US, "out", packet(1)),
    enhancedPacket(TIME_US, "out", packet(2)),
  );
  for (const cut of [1, 4, 20, 60]) {
    assertEquals(readCapture(whole.subarray(0, whole.length - cut)).length, 1);
  }
});

Deno.test("a file in the other byte order is understood", () => {
  const magic = Uint8Array.of(0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0);
  const section = new Uint8Array(16).fill(0xff);
  section.set(magic);
  const bytes = packet(1);
  const body = new Uint8Array(20 + Math.ceil(bytes.length / 4) * 4);
  new DataView(body.buffer).setUint32(12, bytes.length);
  new DataView(body.buffer).setUint32(16, bytes.length);
  body.set(bytes, 20);
  const segments = readCapture(file(
    block(0x0a0d0d0a, section, false),
    block(1, Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0), false),
    block(6, body, false),
  ));
  assertEquals(segments.map(({ payload }) => payload), [
    Uint8Array.of(0x50, 0x59, 1),
  ]);
});

Deno.test("what is no capture, or one of another kind, is an error", () => {
  assertThrows(
    () => readCapture(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")),
    TypeError,
    "Expected a pcapng file, got one that begins with 0x20544547",
  );
  const loopback = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0);
  assertThrows(
    () => readCapture(file(sectionHeader("test"), block(1, loopback))),
    TypeError,
    "Expected the link type of Ethernet, 1, got 0",
  );
  assertEquals(readCapture(new Uint8Array(0)), []);
});

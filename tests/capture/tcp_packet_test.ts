import { assertEquals, assertThrows } from "@std/assert";
import {
  MAX_SEGMENT,
  TcpFlag,
  tcpPacket,
  type TcpSegment,
} from "../../capture/tcp_packet.ts";

const segment: TcpSegment = {
  from: { address: "192.0.2.1", port: 2203 },
  to: { address: "192.0.2.2", port: 51_000 },
  sequence: 7,
  acknowledged: 2 ** 32 - 1,
  flags: TcpFlag.psh | TcpFlag.ack,
  payload: Uint8Array.of(0x50, 0x59, 1),
};

/** RFC 1071: with the checksum in its place, all words sum up to 0xffff. */
function sumOf(...parts: Uint8Array[]): number {
  let total = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) {
      total += part[at]! * 256 + (part[at + 1] ?? 0);
      total = (total & 0xffff) + (total >> 16);
    }
  }
  return total;
}

Deno.test("a segment over IPv4 is laid out as RFC 791 and RFC 9293 say", () => {
  const packet = tcpPacket(segment);
  assertEquals(
    packet.toHex().replace(/^(.{28})(.{40})(.{40})/, "$1 $2 $3 "),
    // Ethernet: to, from, IPv4
    "0200c00002020200c00002010800 " +
      // version, length 43, do not fragment, 64 hops, TCP, checksum, addresses
      "4500002b000040004006b6c9c0000201c0000202 " +
      // ports, numbers, 20 bytes, PSH and ACK, the window, checksum
      "089bc73800000007ffffffff5018ffff" +
      packet.subarray(50, 52).toHex() + "0000 505901",
  );
  assertEquals(sumOf(packet.subarray(14, 34)), 0xffff);
  const pseudo = Uint8Array.of(0, 6, 0, 23);
  assertEquals(
    sumOf(packet.subarray(26, 34), pseudo, packet.subarray(34)),
    0xffff,
  );
});

Deno.test("a segment over IPv6 is laid out as RFC 8200 says", () => {
  const packet = tcpPacket({
    ...segment,
    from: { address: "2001:db8::1", port: 1 },
    to: { address: "fe80::2%eth0", port: 2 },
  });
  assertEquals(
    packet.subarray(12, 54).toHex(),
    "86dd" + "60000000" + "00170640" +
      "20010db8000000000000000000000001" + "fe800000000000000000000000000002",
  );
  const pseudo = Uint8Array.of(0, 6, 0, 23);
  assertEquals(
    sumOf(packet.subarray(22, 54), pseudo, packet.subarray(54)),
    0xffff,
  );
});

Deno.test("IPv4 that is mapped into IPv6 is IPv4", () => {
  const from = { address: "::ffff:192.0.2.1", port: 2203 };
  const to = { address: "::ffff:192.0.2.2", port: 51_000 };
  assertEquals(tcpPacket({ ...segment, from, to }), tcpPacket(segment));
});

Deno.test("a SYN says that windows are large", () => {
  const payload = new Uint8Array(0);
  const packet = tcpPacket({ ...segment, payload, flags: TcpFlag.syn });
  assertEquals(packet.length, 14 + 20 + 24);
  assertEquals(packet[14 + 20 + 12], 0x60);
  assertEquals(packet.subarray(-4), Uint8Array.of(1, 3, 3, 14));
});

Deno.test("the longest segment fits into a packet of either version", () => {
  const payload = new Uint8Array(MAX_SEGMENT).fill(0xff);
  for (const address of ["192.0.2.1", "2001:db8::1"]) {
    const end = { address, port: 1 };
    const packet = tcpPacket({ ...segment, from: end, to: end, payload });
    const size = packet.subarray(16, 20);
    const told = address.includes(":")
      ? size[2]! * 256 + size[3]! + 40
      : size[0]! * 256 + size[1]!;
    assertEquals(told, packet.length - 14);
  }
});

Deno.test("what is no IP address is an error", () => {
  const from = { address: "localhost", port: 1 };
  assertThrows(() => tcpPacket({ ...segment, from }), TypeError, "localhost");
});

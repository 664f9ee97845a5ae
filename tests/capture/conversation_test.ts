import { assertEquals } from "@std/assert";
import { Conversation } from "../../capture/conversation.ts";
import { MAX_SEGMENT, TcpFlag } from "../../capture/tcp_packet.ts";

const local = { address: "192.0.2.1", port: 2203 };
const remote = { address: "192.0.2.2", port: 51_000 };

/** A conversation, and its packets in a line each. */
function conversation(openedBy: "local" | "remote") {
  const lines: string[] = [];
  const talk = new Conversation({ local, remote, openedBy }, (way, segment) => {
    const { from, to, sequence, acknowledged, flags, payload } = segment;
    assertEquals([from, to], way === "out" ? [local, remote] : [remote, local]);
    const names = Object.entries(TcpFlag)
      .filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
    lines.push(
      `${way} ${names.join("+")} ${sequence} ${acknowledged} ${payload.length}`,
    );
  });
  return { talk, lines };
}

Deno.test("a server's connection begins with the client's SYN", () => {
  const { lines } = conversation("remote");
  assertEquals(lines, ["in syn 0 0 0", "out syn+ack 0 1 0", "in ack 1 1 0"]);
});

Deno.test("a client's connection begins with its own", () => {
  const { lines } = conversation("local");
  assertEquals(lines, ["out syn 0 0 0", "in syn+ack 0 1 0", "out ack 1 1 0"]);
});

Deno.test("each write and each read is a segment that acknowledges what came", () => {
  const { talk, lines } = conversation("local");
  talk.sent(new Uint8Array(16));
  talk.sent(new Uint8Array(5));
  talk.received(new Uint8Array(100));
  talk.sent(new Uint8Array(1));
  assertEquals(lines.slice(3), [
    "out psh+ack 1 1 16",
    "out psh+ack 17 1 5",
    "in psh+ack 1 22 100",
    "out psh+ack 22 101 1",
  ]);
});

Deno.test("what is too long for a packet is cut", () => {
  const { talk, lines } = conversation("local");
  talk.received(new Uint8Array(2 * MAX_SEGMENT + 1));
  assertEquals(lines.slice(3), [
    `in psh+ack 1 1 ${MAX_SEGMENT}`,
    `in psh+ack ${1 + MAX_SEGMENT} 1 ${MAX_SEGMENT}`,
    `in psh+ack ${1 + 2 * MAX_SEGMENT} 1 1`,
  ]);
});

Deno.test("numbers begin again behind 2^32", () => {
  const { talk, lines } = conversation("local");
  const size = 60_000;
  const bytes = new Uint8Array(size);
  const whole = Math.floor((2 ** 32 - 1) / size);
  for (let i = 0; i < whole; i++) talk.sent(bytes);
  talk.sent(bytes);
  talk.received(new Uint8Array(1));
  const last = 1 + (whole + 1) * size - 2 ** 32;
  assertEquals(lines.slice(-1), [`in psh+ack 1 ${last} 1`]);
});

Deno.test("each side ends once, and carries nothing more", () => {
  const { talk, lines } = conversation("local");
  talk.ended("local");
  talk.ended("local");
  talk.sent(new Uint8Array(3));
  talk.received(new Uint8Array(3));
  talk.ended("remote");
  talk.received(new Uint8Array(3));
  assertEquals(lines.slice(3), [
    "out fin+ack 1 1 0",
    "in psh+ack 1 2 3",
    "in fin+ack 4 2 0",
  ]);
});

Deno.test("a connection that was broken off ends with the peer's RST", () => {
  const { talk, lines } = conversation("local");
  talk.reset();
  talk.ended("local");
  talk.ended("remote");
  assertEquals(lines.slice(3), ["in rst+ack 1 1 0"]);
});

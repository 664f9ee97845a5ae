import { assertEquals, assertMatch } from "@std/assert";
import { en } from "../../client/texts/en.ts";
import { zh } from "../../client/texts/zh.ts";
import { NODES } from "./nodes_answers.ts";
import fc from "../fast_check.ts";
import {
  describeBurst,
  describeList,
  describeMessage,
  describeNodes,
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

Deno.test("the list is a table, and oneself is marked in it", () => {
  const clients = [
    { id: 3, address: "192.0.2.1", port: 40_312, connectedMs: 0 },
    { id: 12, address: "2001:db8::1", port: 9, connectedMs: 0 },
  ];
  const [heading, ...rows] = describeList(clients, 12, en);
  assertEquals(heading, "number  address          since");
  assertMatch(rows[0]!, /^3 {7}192\.0\.2\.1:40312 {2}\d\d:\d\d:\d\d$/);
  assertMatch(
    rows[1]!,
    /^12 {6}\[2001:db8::1\]:9 {2}\d\d:\d\d:\d\d {2}\(you\)$/,
  );
});

Deno.test("the table's columns stand in line where the titles are wide", () => {
  const client = { id: 3, address: "192.0.2.1", port: 9, connectedMs: 0 };
  const [heading, row] = describeList([client], 1, zh);
  assertEquals(heading, "编号  地址         连接时间");
  assertMatch(row!, /^3 {5}192\.0\.2\.1:9 {2}\d\d:/);
});

Deno.test("the nodes are a table: how each answers, and its numbers", () => {
  const nowMs = 1_000_000 + 7_500_000;
  assertEquals(describeNodes(NODES, en, nowMs), [
    "node    address             clients  messages/s  running for  round trip  numbers",
    "lab-1   192.0.2.1:2203      12       340         2 h 5 min    (this one)  1–1000",
    "lab-2␛  192.0.2.2:2203      7        21          1 h 48 min   0.4 ms      1001–2000, 4001–5000",
    "lab-3   [2001:db8::1]:2203  3        0           1 h 31 min   no answer   2001–4000",
  ]);
  assertEquals(describeNodes(NODES.slice(0, 1), zh, nowMs), [
    "节点   地址            客户端  消息/秒  已运行         往返        编号",
    "lab-1  192.0.2.1:2203  12      340      2 小时 5 分钟  （本节点）  1–1000",
  ]);
});

Deno.test("a node that has not begun to run yet by this clock has just begun", () => {
  const [, row] = describeNodes(NODES.slice(0, 1), en, 0);
  assertMatch(row!, / 0 s /);
});

Deno.test("of many ranges of numbers the first and the last are shown", () => {
  const ranges = [5, 1, 7, 3].map((n) => ({
    first: 1000 * n + 1,
    last: 1000 * n + 999,
  }));
  const [, row] = describeNodes([{ ...NODES[0]!, ranges }], en);
  assertMatch(row!, / 5001–5999, …, 3001–3999$/);
});

Deno.test("a message has time, number, address and port, and nothing that a terminal obeys", () => {
  const message = {
    from: 3,
    address: "192.0.2.1",
    port: 40_312,
    text: "hi\u001b]0;x\u0007\nFrom 4",
  };
  assertEquals(
    describeMessage(message, en, new Date(2026, 10, 22, 9, 5, 6)),
    "09:05:06  From 3 (192.0.2.1:40312): hi␛]0;x␇␊From 4",
  );
});

Deno.test("a long message is cut, and its length told", () => {
  const origin = { from: 3, address: "192.0.2.1", port: 40_312 };
  const shown = describeMessage({ ...origin, text: "x".repeat(5000) }, en);
  assertMatch(shown, /: x{2000}… \(5000\)$/);
});

Deno.test("a burst tells answers, reads, time and speed", () => {
  const result = { sent: 2000, received: 1999, reads: 12, ms: 250.04 };
  assertEquals(
    describeBurst(result, en),
    "1999 of 2000 answers came, in 12 reads and 250.0 ms (7,995 a second)",
  );
});

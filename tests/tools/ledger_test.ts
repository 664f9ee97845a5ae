import { assertEquals, assertRejects } from "@std/assert";
import { ConnectionError, type Delivery } from "../../client/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";

Deno.test("ledgers that agree have no faults, and sums", () => {
  const ledgers = new Ledgers();
  const [first, second] = [ledgers.send("a", "b"), ledgers.send("a", "b")];
  const other = ledgers.send("c", "b");
  for (const text of [first, other, second]) ledgers.see("b", text);
  ledgers.settle(second, "delivered");
  ledgers.settle(first, "delivered");
  ledgers.settle(other, "not-confirmed");
  ledgers.settle(ledgers.send("a", "d"), "unknown-number");
  assertEquals(ledgers.faults(), []);
  assertEquals(ledgers.summary(), {
    sent: 4,
    delivered: 2,
    notDelivered: { "not-confirmed": 1, "unknown-number": 1 },
    seen: 3,
  });
});

/** What they say of the first send from a to b, and what went wrong with it. */
const faults: [string, (ledgers: Ledgers, text: string) => void][] = [
  ["a>b#1 has no end", (ledgers, text) => {
    ledgers.see("b", text);
  }],
  ["a>b#1 ended as delivered and as not-confirmed", (ledgers, text) => {
    ledgers.see("b", text);
    ledgers.settle(text, "delivered");
    ledgers.settle(text, "not-confirmed");
  }],
  ["a>b#9 ended and was not sent", (ledgers, text) => {
    ledgers.settle(text, "unknown-number");
    ledgers.settle("a>b#9", "delivered");
  }],
  ["a>b#1 was reported delivered and not seen", (ledgers, text) => {
    ledgers.settle(text, "delivered");
  }],
  ["a>b#1 was seen 2 times", (ledgers, text) => {
    ledgers.settle(text, "receiver-gone");
    ledgers.see("b", text);
    ledgers.see("b", text);
  }],
  ["a>b#1 was refused as receiver-busy, and seen", (ledgers, text) => {
    ledgers.see("b", text);
    ledgers.settle(text, "receiver-busy");
  }],
  ["a>b#1 was seen behind number 2", (ledgers, text) => {
    const second = ledgers.send("a", "b");
    for (const sent of [second, text]) {
      ledgers.see("b", sent);
      ledgers.settle(sent, "delivered");
    }
  }],
  ["c saw a>b#1", (ledgers, text) => {
    ledgers.see("c", text);
    ledgers.settle(text, "delivered");
  }],
  ["b saw a>b#9, which nobody sent", (ledgers, text) => {
    ledgers.settle(text, "unknown-number");
    ledgers.see("b", "a>b#9");
  }],
];

for (const [said, play] of faults) {
  Deno.test(`ledgers find that ${said}`, () => {
    const ledgers = new Ledgers();
    play(ledgers, ledgers.send("a", "b"));
    assertEquals(ledgers.faults(), [said]);
  });
}

Deno.test("a send is recorded with its end, whichever it is", async () => {
  const ledgers = new Ledgers();
  const ms = 1;
  const reason = "not-confirmed";
  const record = (end: Promise<Delivery>) =>
    ledgers.record("a", "b", () => end);

  const outcomes = [
    await record(Promise.resolve({ delivered: true, ms })),
    await record(Promise.resolve({ delivered: false, ms, reason, why: "" })),
    await record(Promise.reject(new ConnectionError("lost"))),
  ];
  assertEquals(outcomes, ["delivered", "not-confirmed", "connection-lost"]);
  ledgers.see("b", "a>b#1");
  assertEquals(ledgers.faults(), []);

  await assertRejects(
    () => record(Promise.reject(new TypeError("a bug"))),
    TypeError,
  );
  assertEquals(ledgers.faults(), ["a>b#4 has no end"]);
});

Deno.test("what listen --json has printed is entered, to the last whole line", () => {
  const ledgers = new Ledgers();
  const [first, second] = [ledgers.send("a", "b"), ledgers.send("a", "b")];
  ledgers.settle(first, "delivered");
  ledgers.settle(second, "receiver-gone");
  const line = (text: string) => JSON.stringify({ from: 1, text });
  const printed = [
    '{"self":2}',
    line(`${first} and what is put behind it`),
    line(second).slice(0, -3),
  ];
  ledgers.seePrinted("b", printed.join("\n"));
  assertEquals(ledgers.faults(), []);
  assertEquals(ledgers.summary().seen, 1);
});

Deno.test("ledgers forget what is complete, and keep the sums", () => {
  const ledgers = new Ledgers();
  const delivered = ledgers.send("a", "b");
  ledgers.see("b", delivered);
  ledgers.settle(delivered, "delivered");
  ledgers.settle(ledgers.send("a", "b"), "unknown-number");
  const late = ledgers.send("a", "b");
  ledgers.settle(late, "not-confirmed");
  const open = ledgers.send("a", "b");
  const sums = () => {
    const { sent, delivered, notDelivered, seen } = ledgers.summary();
    return [sent, delivered, seen, Object.entries(notDelivered).toSorted()];
  };
  const before = sums();

  ledgers.forget();
  assertEquals(sums(), before);
  assertEquals(ledgers.faults(), [`${open} has no end`]);
  // What was not confirmed can still be seen, once.
  ledgers.see("b", late);
  ledgers.settle(open, "not-confirmed");
  assertEquals(ledgers.faults(), []);
  // What was forgotten cannot.
  ledgers.see("b", delivered);
  assertEquals(ledgers.faults(), [`b saw ${delivered}, which nobody sent`]);
});

Deno.test("ledgers keep what is wrong, and what somebody can still see", () => {
  const ledgers = new Ledgers();
  const lost = ledgers.send("a", "b");
  ledgers.settle(lost, "delivered");
  const late = ledgers.send("a", "c");
  ledgers.settle(late, "receiver-gone");
  ledgers.forget(new Set(["c"]));
  assertEquals(ledgers.faults(), [
    `${lost} was reported delivered and not seen`,
  ]);
  assertEquals(ledgers.summary().notDelivered, { "receiver-gone": 1 });
  // Of somebody who is gone the numbers begin again.
  assertEquals(ledgers.send("a", "c"), late);
  assertEquals(ledgers.send("a", "b"), "a>b#2");
});

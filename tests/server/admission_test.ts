import { assert, assertEquals } from "@std/assert";
import { GoodbyeReason } from "../../protocol/mod.ts";
import { Admission, type AdmissionLimits } from "../../server/admission.ts";
import { FakeTime } from "../link/fake_time.ts";

const { serverFull, addressFull, lockedOut } = GoodbyeReason;

Deno.test("as many may come in as the server takes, and one for each that leaves", () => {
  using admission = make({ maxClients: 2 });
  assertEquals(enter(admission, "192.0.2.1"), undefined);
  assertEquals(enter(admission, "192.0.2.2"), undefined);
  assertEquals(enter(admission, "192.0.2.3"), serverFull);
  assertEquals(enter(admission, "192.0.2.1"), serverFull);
  admission.leave("192.0.2.1");
  assertEquals(enter(admission, "192.0.2.3"), undefined);
  assertEquals(enter(admission, "192.0.2.1"), serverFull);
});

Deno.test("of one address as many may come in as the server takes from there, and one for each that leaves", () => {
  using admission = make({ maxClientsPerAddress: 2 });
  for (const _ of [1, 2]) {
    assertEquals(enter(admission, "192.0.2.1"), undefined);
  }
  for (const _ of [1, 2]) {
    assertEquals(enter(admission, "192.0.2.1"), addressFull);
    assertEquals(enter(admission, "192.0.2.2"), undefined);
    admission.leave("192.0.2.1");
    assertEquals(enter(admission, "192.0.2.1"), undefined);
    admission.leave("192.0.2.2");
  }
  assertEquals(enter(admission, "192.0.2.1"), addressFull);
  admission.leave("192.0.2.1");
  admission.leave("192.0.2.1");
  for (const _ of [1, 2]) {
    assertEquals(enter(admission, "192.0.2.1"), undefined);
  }
  assertEquals(enter(admission, "192.0.2.1"), addressFull);
});

const same: [string, string][] = [
  ["192.0.2.1", "::ffff:192.0.2.1"],
  ["2001:db8::1", "2001:db8::2"],
  ["2001:db8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff"],
  ["fe80::1%eth0", "fe80::2"],
];
for (const [one, other] of same) {
  Deno.test(`${one} and ${other} are one address`, () => {
    using admission = make({ maxClientsPerAddress: 1 });
    assertEquals(enter(admission, one), undefined);
    assertEquals(enter(admission, other), addressFull);
    admission.leave(other);
    assertEquals(enter(admission, other), undefined);
    for (const _ of [1, 2, 3]) admission.wrongToken(one);
    assertEquals(enter(admission, other), lockedOut);
    admission.rightToken(other);
    assertEquals(admission.lockout(one), undefined);
  });
}

const different: [string, string][] = [
  ["192.0.2.1", "192.0.2.2"],
  ["192.0.2.1", "193.0.2.1"],
  ["2001:db8:0:1::1", "2001:db8:0:2::1"],
  ["2001:db8:0:1::1", "2001:db8::1"],
  // The first 64 bits of the one are the whole of the other.
  ["192.0.2.1", "c000:201::"],
];
for (const [one, other] of different) {
  Deno.test(`${one} and ${other} are two addresses`, () => {
    using admission = make({ maxClientsPerAddress: 1 });
    assertEquals(enter(admission, one), undefined);
    assertEquals(enter(admission, other), undefined);
    for (const _ of [1, 2, 3]) admission.wrongToken(one);
    assertEquals(admission.lockout(one)?.reason, lockedOut);
    assertEquals(admission.lockout(other), undefined);
  });
}

Deno.test("the third wrong token is one too many, and those behind it are, too", () => {
  using admission = make();
  const reasons = [1, 2, 3, 4].map(() =>
    admission.wrongToken("192.0.2.1")?.reason
  );
  assertEquals(reasons, [undefined, undefined, lockedOut, lockedOut]);
});

Deno.test("of several reasons to refuse, that the address has to wait counts first, then that the server is full", () => {
  using admission = make({ maxClients: 1, maxClientsPerAddress: 1 });
  assertEquals(enter(admission, "192.0.2.1"), undefined);
  assertEquals(enter(admission, "192.0.2.1"), serverFull);
  for (const _ of [1, 2, 3]) admission.wrongToken("192.0.2.1");
  assertEquals(enter(admission, "192.0.2.1"), lockedOut);
});

Deno.test("whoever is refused is not counted", () => {
  using admission = make({ maxClients: 3, maxClientsPerAddress: 1 });
  assertEquals(enter(admission, "192.0.2.1"), undefined);
  for (let i = 0; i < 10; i++) {
    assertEquals(enter(admission, "192.0.2.1"), addressFull);
  }
  assertEquals(enter(admission, "192.0.2.2"), undefined);
  assertEquals(enter(admission, "192.0.2.3"), undefined);
  assertEquals(enter(admission, "192.0.2.4"), serverFull);
});

Deno.test("a right token from where no wrong one came changes nothing", () => {
  using admission = make();
  for (const _ of [1, 2, 3]) admission.wrongToken("192.0.2.1");
  admission.rightToken("192.0.2.2");
  assertEquals(admission.lockout("192.0.2.1")?.reason, lockedOut);
  admission.rightToken("192.0.2.1");
  admission.rightToken("192.0.2.1");
  assertEquals(admission.lockout("192.0.2.1"), undefined);
});

Deno.test("wrong tokens are forgotten when the time is over since the last, once and for all", async () => {
  using time = new FakeTime();
  using admission = make({ lockoutMs: 100 });
  const from = (address: string) => admission.wrongToken(address)?.reason;
  assertEquals([from("192.0.2.1"), from("192.0.2.1")], [undefined, undefined]);
  await time.live(99);
  assertEquals(from("192.0.2.1"), lockedOut);
  await time.live(50);
  assertEquals(from("192.0.2.2"), undefined);
  await time.live(49);
  assertEquals(admission.lockout("192.0.2.1")?.reason, lockedOut);
  await time.live(2);
  assertEquals(admission.lockout("192.0.2.1"), undefined);
  assertEquals([from("192.0.2.1"), from("192.0.2.1")], [undefined, undefined]);
  assertEquals([from("192.0.2.2"), from("192.0.2.2")], [undefined, lockedOut]);
});

Deno.test("wrong tokens that a right one has made forgotten do not make later ones forgotten", async () => {
  using time = new FakeTime();
  using admission = make({ lockoutMs: 100 });
  admission.wrongToken("192.0.2.1");
  admission.rightToken("192.0.2.1");
  await time.live(90);
  for (const _ of [1, 2, 3]) admission.wrongToken("192.0.2.1");
  await time.live(50);
  assertEquals(admission.lockout("192.0.2.1")?.reason, lockedOut);
});

Deno.test("wrong tokens of 65,536 addresses are remembered, of more not, until some are forgotten", () => {
  using time = new FakeTime();
  using admission = make({ lockoutMs: 100 });
  const guess = (i: number) =>
    admission.wrongToken(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`)?.reason;
  const count = 65_536;
  for (let i = 0; i < count; i++) guess(i);
  for (let i = 0; i < 5; i++) assertEquals(guess(count), undefined);
  // Who is remembered is so still.
  for (const i of [7, count - 1]) {
    assertEquals([guess(i), guess(i)], [undefined, lockedOut]);
  }
  time.leap(101);
  assertEquals(
    [guess(count), guess(count), guess(count)],
    [undefined, undefined, lockedOut],
  );
});

Deno.test("what people are told has the numbers", () => {
  using admission = make({
    maxClients: 2,
    maxClientsPerAddress: 1,
    lockoutMs: 1500,
  });
  admission.enter("192.0.2.1");
  assert(admission.enter("192.0.2.1")!.why.startsWith("1 are connected"));
  admission.enter("192.0.2.2");
  assert(admission.enter("192.0.2.3")!.why.endsWith("2 are connected"));
  for (const _ of [1, 2]) admission.wrongToken("192.0.2.1");
  assert(admission.wrongToken("192.0.2.1")!.why.endsWith("wait 1.5 s"));
});

function make(limits: Partial<AdmissionLimits> = {}): Admission {
  return new Admission({
    maxClients: 100,
    maxClientsPerAddress: 100,
    lockoutMs: 30_000,
    ...limits,
  });
}

/** Why an address may not come in, if it may not. */
function enter(admission: Admission, address: string): number | undefined {
  return admission.enter(address)?.reason;
}

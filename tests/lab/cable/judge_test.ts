import { assertEquals } from "@std/assert";
import { type CableClaim, judgeCable } from "../../../lab/cable/judge.ts";
import type {
  CableObservation,
  WithHeartbeats,
  WithoutHeartbeats,
} from "../../../lab/cable/observation.ts";
import { madeUp } from "./made_up.ts";

function broken(observation: CableObservation): CableClaim[] {
  return judgeCable(observation).filter(({ holds }) => !holds)
    .map(({ claim }) => claim);
}

function without(change: Partial<WithoutHeartbeats>): CableObservation {
  const seen = madeUp();
  return { ...seen, without: { ...seen.without, ...change } };
}

function beating(change: Partial<WithHeartbeats>): CableObservation {
  const seen = madeUp();
  return { ...seen, with: { ...seen.with, ...change } };
}

/** The looks with another state at one end of the client that quits. */
function looks(
  moment: string,
  ends: Partial<Record<"server" | "client", string>>,
): CableObservation {
  const { looks } = madeUp().without;
  return without({
    looks: looks.map((look) =>
      look.moment === moment
        ? { ...look, quitter: { ...look.quitter, ...ends } }
        : look
    ),
  });
}

const { without: seen, with: seenWith } = madeUp();
const delivered = { ...seen.send, delivered: true };

Deno.test("all claims hold of a cable as it should be", () => {
  const findings = judgeCable(madeUp());
  assertEquals(findings.length, 11);
  assertEquals(findings.every(({ holds }) => holds), true);
});

const CASES: readonly [string, CableClaim, CableObservation][] = [
  [
    "the client's kernel notices",
    "pull-unnoticed",
    looks("pulled", { client: "CLOSE-WAIT" }),
  ],
  [
    "the client's state does not change when it quits",
    "quit-changes-client",
    looks("quit", { client: "ESTAB" }),
  ],
  [
    "a FIN arrives",
    "no-fin",
    without({
      wire: {
        kind: "captured",
        server: { fins: 1, messagesMs: [300] },
        clients: { fins: 1, messagesMs: [] },
        files: { server: "", clients: "" },
      },
    }),
  ],
  [
    "the server's end changes while the cable is out",
    "server-unchanged",
    looks("waited", { server: "-" }),
  ],
  [
    "the dead client leaves the list by itself",
    "stays-listed",
    without({ listAnew: { ...seen.listAnew, others: [2] } }),
  ],
  [
    "a message is delivered to nobody",
    "not-delivered",
    without({ send: delivered }),
  ],
  [
    "it takes longer than the deadline",
    "not-delivered",
    without({ send: { ...seen.send, ms: 5_000 } }),
  ],
  [
    "a message is delivered to who has quit",
    "quitter-not-delivered",
    without({ sendToQuitter: delivered }),
  ],
  [
    "the dead client stays after the message",
    "quitter-leaves",
    without({ listAfter: { ...seen.listAfter, others: [1, 2] } }),
  ],
  [
    "it is found out too late",
    "gone-in-time",
    beating({ goneMs: 3_500 }),
  ],
  [
    "it is found out and listed all the same",
    "gone-in-time",
    beating({ list: { ...seenWith.list, others: [1] } }),
  ],
  [
    "a message to who is gone is delivered",
    "not-delivered-when-gone",
    beating({ send: delivered }),
  ],
  [
    "the client finds out too late",
    "client-finds-out",
    beating({ clientMs: 9_000 }),
  ],
  ["the client gets its old number", "client-finds-out", beating({ again: 1 })],
];

for (const [what, claim, observation] of CASES) {
  Deno.test(`a claim does not hold when ${what}`, () => {
    assertEquals(broken(observation), [claim]);
  });
}

Deno.test("without a capture nothing is claimed about FINs", () => {
  const findings = judgeCable(
    without({
      wire: {
        kind: "missing",
        program: "dumpcap",
        package: "wireshark-common",
      },
    }),
  );
  assertEquals(findings.some(({ claim }) => claim === "no-fin"), false);
  assertEquals(findings.every(({ holds }) => holds), true);
});

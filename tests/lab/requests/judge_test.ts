import { assertEquals } from "@std/assert";
import {
  judgeRequests,
  type RequestsClaim,
} from "../../../lab/requests/judge.ts";
import type {
  RequestsObservation,
  Round,
} from "../../../lab/requests/observation.ts";
import { HURRIED, OBSERVED, ROUND } from "./observed.ts";

/** The claims that do not hold of what is seen with this difference. */
function failing(difference: Partial<RequestsObservation>): RequestsClaim[] {
  return judgeRequests({ ...OBSERVED, ...difference })
    .filter(({ holds }) => !holds).map(({ claim }) => claim);
}

/** The same when one round is another one. */
function failingRound(difference: Partial<Round>): RequestsClaim[] {
  return failing({ rounds: [ROUND, { ...ROUND, ...difference }] });
}

Deno.test("all holds when all is as it should be", () => {
  assertEquals(judgeRequests(OBSERVED).map(({ claim }) => claim), [
    "all-answered",
    "log-agrees",
    "whole-frames",
    "fewer-segments",
    "counters-agree",
    "fewer-reads",
    "naive-loses",
    "waiting-hides",
    "decoder-whole",
  ]);
  assertEquals(failing({}), []);
});

Deno.test("an answer is missing", () => {
  const measured = { ...ROUND.measured, received: 99 };
  assertEquals(failingRound({ measured }), ["all-answered"]);
});

Deno.test("the log has another number of answers", () => {
  assertEquals(failing({ logged: 199 }), ["log-agrees"]);
});

Deno.test("a frame is missing on the wire, or there twice", () => {
  for (const frames of [67, 69]) {
    const wire = ROUND.wire!.map((segment) =>
      segment.number === 9 ? { ...segment, frames } : segment
    );
    assertEquals(failingRound({ wire }), ["whole-frames"]);
  }
});

Deno.test("a round is missing in the capture", () => {
  assertEquals(failingRound({ wire: [] }), ["whole-frames", "counters-agree"]);
});

Deno.test("as many segments as frames", () => {
  const wire = Array.from({ length: 200 }, (_, i) => ({
    number: i,
    ms: 0,
    fromClient: i % 2 === 0,
    bytes: 16,
    frames: 1,
  }));
  const kernel = { out: 100, dataOut: 100, in: 100, dataIn: 100 };
  assertEquals(failingRound({ wire, kernel }), ["fewer-segments"]);
});

Deno.test("capture and counters do not agree", () => {
  const kernel = { ...ROUND.kernel!, dataIn: 3 };
  assertEquals(failingRound({ kernel }), ["counters-agree"]);
});

Deno.test("a read for each response", () => {
  const measured = { ...ROUND.measured, reads: 100 };
  assertEquals(failingRound({ measured }), ["fewer-reads"]);
});

Deno.test("the naive reader loses none, or some where it should not", () => {
  const waiting = OBSERVED.naive[0]!;
  assertEquals(
    failing({ naive: [waiting, { ...HURRIED, seen: 100 }] }),
    ["naive-loses"],
  );
  assertEquals(
    failing({ naive: [{ ...waiting, seen: 99 }, HURRIED] }),
    ["waiting-hides"],
  );
});

Deno.test("not all responses came at the naive reader", () => {
  const naive = [...OBSERVED.naive, { ...HURRIED, came: 99 }];
  assertEquals(failing({ naive }), ["decoder-whole"]);
});

Deno.test("what could not be seen is not judged", () => {
  const { wire: _, ...counted } = ROUND;
  const { kernel: __, ...neither } = counted;
  const claims = (round: Round) =>
    judgeRequests({ ...OBSERVED, rounds: [round, round] })
      .filter(({ claim }) =>
        ["whole-frames", "fewer-segments", "counters-agree"].includes(claim)
      );
  assertEquals(claims(counted), [{ claim: "fewer-segments", holds: true }]);
  assertEquals(claims(neither), []);
});

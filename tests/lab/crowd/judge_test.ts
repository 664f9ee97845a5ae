import { assertEquals } from "@std/assert";
import { type CrowdClaim, judgeCrowd } from "../../../lab/crowd/judge.ts";
import type {
  CrowdClient,
  CrowdRound,
} from "../../../lab/crowd/observation.ts";
import { OBSERVED, ONE_BY_ONE, ROUND } from "./observed.ts";

/** The claims that do not hold of these rounds. */
function failing(...rounds: CrowdRound[]): CrowdClaim[] {
  return judgeCrowd({ ...OBSERVED, rounds })
    .filter(({ holds }) => !holds).map(({ claim }) => claim);
}

/** The same when the last client of the first round is another one. */
function failingClient(difference: Partial<CrowdClient>): CrowdClaim[] {
  const clients = ROUND.clients.map((client, i) =>
    i === 2 ? { ...client, ...difference } : client
  );
  return failing({ ...ROUND, clients }, ONE_BY_ONE);
}

Deno.test("all holds when all is as it should be", () => {
  assertEquals(judgeCrowd(OBSERVED).map(({ claim }) => claim), [
    "all-answered",
    "log-agrees",
    "same-moment",
    "interleaved",
  ]);
  assertEquals(failing(ROUND, ONE_BY_ONE), []);
});

Deno.test("a client lacks an answer, or a whole choice", () => {
  const [measured] = ROUND.clients[0]!.measured;
  assertEquals(
    failingClient({ measured: [{ ...measured!, received: 99 }] }),
    ["all-answered"],
  );
  assertEquals(failingClient({ measured: [] }), ["all-answered"]);
});

Deno.test("the log has another number for a client", () => {
  assertEquals(failingClient({ logged: 101 }), ["log-agrees"]);
});

Deno.test("a client was done before another had begun", () => {
  assertEquals(failingClient({ begunMs: 41 }), ["same-moment"]);
});

Deno.test("one after the other in every round", () => {
  assertEquals(failing(ONE_BY_ONE), ["interleaved"]);
});

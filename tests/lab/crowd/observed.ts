import type {
  CrowdClient,
  CrowdObservation,
  CrowdRound,
} from "../../../lab/crowd/observation.ts";

/** A client that got all its answers. */
export function client(id: number, choices: number): CrowdClient {
  const measured = { sent: 100, received: 100, reads: 3, ms: 12.5 };
  return {
    id,
    measured: Array.from({ length: choices }, () => measured),
    screen: `(screen of ${id})`,
    logged: 100 * choices,
    begunMs: id / 10,
    doneMs: 40 + id,
  };
}

/** A round in which three clients were answered in turns. */
export const ROUND: CrowdRound = {
  choices: 1,
  clients: [1, 2, 3].map((id) => client(id, 1)),
  served: [
    { id: 3, answers: 32, line: "(the log's line of 3)" },
    { id: 1, answers: 100, line: "(the log's line of 1)" },
    { id: 3, answers: 68, line: "(the log's second line of 3)" },
    { id: 2, answers: 100, line: "(the log's line of 2)" },
  ],
};

/** A round in which one client was answered after the other. */
export const ONE_BY_ONE: CrowdRound = {
  choices: 2,
  clients: [4, 5, 6].map((id) => client(id, 2)),
  served: [4, 5, 6].map((id) => ({ id, answers: 200, line: `(line ${id})` })),
};

/** What is seen when all is as it should be. */
export const OBSERVED: CrowdObservation = {
  count: 100,
  command: "parley-server --port 2203 --log json",
  rounds: [ROUND, ONE_BY_ONE],
};

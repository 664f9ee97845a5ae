import type { NaiveReading } from "../../../lab/requests/naive_reader.ts";
import type {
  RequestsObservation,
  Round,
} from "../../../lab/requests/observation.ts";

/** A round in which all is as it should be. */
export const ROUND: Round = {
  measured: { sent: 100, received: 100, reads: 3, ms: 6.9 },
  wire: [
    { number: 6, ms: 0, fromClient: true, bytes: 1600, frames: 100 },
    { number: 7, ms: 0.02, fromClient: false, bytes: 0, frames: 0 },
    { number: 8, ms: 2.94, fromClient: false, bytes: 928, frames: 32 },
    { number: 9, ms: 4.5, fromClient: false, bytes: 1972, frames: 68 },
    { number: 10, ms: 4.51, fromClient: true, bytes: 0, frames: 0 },
  ],
  kernel: { out: 2, dataOut: 1, in: 3, dataIn: 2 },
};

/** A naive reader that saw all. */
const WAITING: NaiveReading = {
  writes: "waiting",
  reads: Array(100).fill(29),
  seen: 100,
  garbled: 0,
  came: 100,
};

/** One that lost some. */
export const HURRIED: NaiveReading = {
  writes: "one",
  reads: [928, 1972],
  seen: 2,
  garbled: 0,
  came: 100,
};

/** What is seen when all is as it should be. */
export const OBSERVED: RequestsObservation = {
  count: 100,
  rounds: [ROUND, ROUND],
  logged: 200,
  screen: "parley> 8\nHow many requests [100]: 100\n(the client's screen)",
  log: "(the server's log)",
  capture: {
    kind: "captured",
    command: "dumpcap -i lo -w requests.pcapng",
    file: "requests.pcapng",
  },
  counters: {
    kind: "counted",
    before: { command: "ss -i", output: "(before)", sockets: [] },
    after: { command: "ss -i", output: "(after)", sockets: [] },
  },
  naive: [WAITING, HURRIED, { ...HURRIED, writes: "each", seen: 1 }],
};

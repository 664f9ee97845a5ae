import type { Finding } from "../experiment.ts";
import type { NaiveReading } from "./naive_reader.ts";
import type { RequestsObservation, Round } from "./observation.ts";
import { sum } from "./sum.ts";

/** What is claimed about many requests at once. */
export type RequestsClaim =
  /** Every choice got as many answers as it sent requests. */
  | "all-answered"
  /** The server's log has as many answers. */
  | "log-agrees"
  /** The wire has carried each request and each response once. */
  | "whole-frames"
  /** Fewer segments with data than frames. */
  | "fewer-segments"
  /** The capture and the kernel's counters say the same. */
  | "counters-agree"
  /** Fewer reads than responses. */
  | "fewer-reads"
  /** Who takes a read for a packet loses responses, if it does not wait. */
  | "naive-loses"
  /** The same loses none if it waits for each. */
  | "waiting-hides"
  /** Parley's decoder finds all responses in the same bytes. */
  | "decoder-whole";

/** How many segments with data a round took, and which way, as far as known. */
export interface DataSegments {
  /** From the client to the server. */
  readonly out: number;
  /** From the server to the client. */
  readonly in: number;
  /** The same two, and those without data. */
  readonly all: number;
}

/** Judges what was seen of many requests at once. */
export function judgeRequests(
  { count, rounds, logged, naive }: RequestsObservation,
): Finding<RequestsClaim>[] {
  const findings: Finding<RequestsClaim>[] = [];
  const find = (claim: RequestsClaim, holds: boolean) =>
    findings.push({ claim, holds });
  const every = (holds: (round: Round) => boolean) => rounds.every(holds);

  find(
    "all-answered",
    every(({ measured: { sent, received } }) =>
      sent === count && received === count
    ),
  );
  find("log-agrees", logged === count * rounds.length);
  if (every(({ wire }) => wire !== undefined)) {
    find(
      "whole-frames",
      every(({ wire }) =>
        [true, false].every((fromClient) =>
          count === sum(
            wire!.filter((segment) => segment.fromClient === fromClient)
              .map(({ frames }) => frames),
          )
        )
      ),
    );
  }
  const sources = [segmentsOnWire, segmentsCounted].filter((source) =>
    every((round) => source(round) !== undefined)
  );
  const [best] = sources;
  if (best !== undefined) {
    find(
      "fewer-segments",
      every((round) => {
        const { out, in: back } = best(round)!;
        const { sent, received } = round.measured;
        return out + back < sent + received;
      }),
    );
  }
  if (sources.length === 2) {
    const totals = sources.map((source) =>
      rounds.map((round) => source(round)!)
        .map(({ out, in: back }) => [out, back].join()).join(" ")
    );
    find("counters-agree", totals[0] === totals[1]);
  }
  find(
    "fewer-reads",
    every(({ measured: { reads, received } }) => reads < received),
  );
  const [waiting, hurried] = [true, false].map((waits) =>
    naive.filter(({ writes }) => (writes === "waiting") === waits)
  );
  find("naive-loses", hurried!.some((reading) => lost(reading) > 0));
  find("waiting-hides", waiting!.every((reading) => lost(reading) === 0));
  find("decoder-whole", naive.every(({ came }) => came === count));
  return findings;
}

/** The segments of a round that were captured. */
export function segmentsOnWire({ wire }: Round): DataSegments | undefined {
  if (wire === undefined) return undefined;
  const data = wire.filter(({ bytes }) => bytes > 0);
  const out = data.filter(({ fromClient }) => fromClient).length;
  return { out, in: data.length - out, all: wire.length };
}

/** The segments of a round that the client's kernel has counted. */
export function segmentsCounted({ kernel }: Round): DataSegments | undefined {
  if (kernel === undefined) return undefined;
  return {
    out: kernel.dataOut,
    in: kernel.dataIn,
    all: kernel.out + kernel.in,
  };
}

/** How many responses came, and were not seen. */
export function lost({ came, seen }: NaiveReading): number {
  return came - seen;
}

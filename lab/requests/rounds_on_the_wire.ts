import type { CapturedSegment } from "../../capture/read_capture.ts";
import { FrameType } from "../../protocol/mod.ts";
import { framesIn } from "../frames_in.ts";

/** A TCP segment between a client and a server, and what of Parley is in it. */
export interface WireSegment {
  /** Which packet of the capture it is. */
  readonly number: number;
  /** When it passed, in milliseconds after the first of its round. */
  readonly ms: number;
  /** Whether the client has sent it. */
  readonly fromClient: boolean;
  /** How many bytes of data it carries. */
  readonly bytes: number;
  /** How many requests, or responses, end in it. */
  readonly frames: number;
}

/** What a visit is cut into rounds by. */
export interface Rounds {
  /** The server's port. */
  readonly port: number;
  /** How many requests are a round. */
  readonly count: number;
}

/** Where a frame says of which type it is. */
const TYPE_OFFSET = 3;

/**
 * Cuts the capture of one client's visit into rounds of so many requests. A
 * round begins with the segment that its first request is in, and ends before
 * that of the next, or of the client's goodbye; its acknowledgements are in it.
 */
export function roundsOnTheWire(
  segments: readonly CapturedSegment[],
  { port, count }: Rounds,
): WireSegment[][] {
  const typesIn = Map.groupBy(
    framesIn(segments).map(({ segment, bytes }) => ({
      segment,
      type: bytes[TYPE_OFFSET],
    })),
    ({ segment }) => segment,
  );
  const rounds: WireSegment[][] = [];
  let requests = 0;
  let startUs = 0;
  /** The sequence number behind the last byte of the client's. */
  let clientEnd: number | undefined;
  for (const segment of segments) {
    const frames = typesIn.get(segment) ?? [];
    const fromClient = segment.to.port === port;
    if (fromClient) {
      if (frames.some(({ type }) => type === FrameType.indication)) break;
      const end = segment.sequence + segment.payload.length;
      const isNew = segment.payload.length > 0 &&
        (clientEnd === undefined || ((end - clientEnd) | 0) > 0);
      if (isNew && requests === rounds.length * count) {
        rounds.push([]);
        startUs = segment.timeUs;
      }
      if (isNew) clientEnd = end;
      requests += frames.length;
    }
    rounds.at(-1)?.push({
      number: segment.number,
      ms: (segment.timeUs - startUs) / 1000,
      fromClient,
      bytes: segment.payload.length,
      frames: frames.length,
    });
  }
  return rounds;
}

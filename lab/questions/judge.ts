import type { Finding } from "../experiment.ts";
import type { Socket } from "../sockets.ts";
import type { QuestionsObservation } from "./observation.ts";
import type { ClosedSeen } from "./time_wait.ts";

/** The lab's questions, by the names that the observation has for them. */
export type Question = keyof QuestionsObservation;

/** What is claimed in answer to the lab's questions. */
export type QuestionsClaim =
  /** All ports of clients are of the range that the kernel gives. */
  | "ports-from-range"
  /** They are not the same at each connect. */
  | "ports-change"
  /** Connect succeeds before accept is called, and the connection waits. */
  | "connect-before-accept"
  /** What was sent before accept is there when it is called. */
  | "data-before-accept"
  /** Many small sends go in fewer segments. */
  | "fewer-segments"
  /** One large send goes in more. */
  | "more-segments"
  /** All connections have the same port at the server. */
  | "one-port"
  /** No two of them have the same other end. */
  | "ends-differ"
  /** The server's list has the same ports. */
  | "list-agrees"
  /** The client that closes first has the TIME-WAIT, and the server nothing. */
  | "client-waits"
  /** The server that closes first has it, and the client nothing. */
  | "server-waits"
  /** It lasts about a minute. */
  | "a-minute"
  /** A server can be started on that port meanwhile. */
  | "port-again"
  /** The kernel notices nothing of a frozen program, and takes its ping. */
  | "kernel-unaware"
  /** The server does, at the end of its ping interval and timeout. */
  | "silence-found";

/** What TIME-WAIT lasts on Linux, as far as a look now and then can tell. */
const TIME_WAIT_MS = { least: 59_000, most: 66_000 };

/** So much later than it is told a busy server may be. */
const LATE_MS = 1_000;

/** Judges what was measured for a question. */
export const JUDGES: Readonly<
  {
    [Key in Question]: (
      seen: QuestionsObservation[Key],
    ) => Finding<QuestionsClaim>[];
  }
> = {
  localPort: ({ ports, range }) => [
    {
      claim: "ports-from-range",
      holds: ports.length > 0 &&
        ports.every((port) => port >= range.first && port <= range.last),
    },
    { claim: "ports-change", holds: new Set(ports).size > 1 },
  ],

  beforeAccept(seen) {
    const { port, clientPort, sent, before, read, acceptedPort } = seen;
    const listening = before.sockets.find(({ state }) => state === "LISTEN");
    const near = established(before.sockets, clientPort, port);
    const far = established(before.sockets, port, clientPort);
    return [
      {
        claim: "connect-before-accept",
        holds: near !== undefined && far !== undefined &&
          listening?.recvQ === 1,
      },
      {
        claim: "data-before-accept",
        holds: far?.recvQ === sent && acceptedPort === clientPort &&
          read === sent,
      },
    ];
  },

  segments({ sendings }) {
    const [small, large] = ["small", "large"].map((way) =>
      sendings.find((sending) => sending.way === way)!
    );
    return [
      { claim: "fewer-segments", holds: small!.segments < small!.writes },
      { claim: "more-segments", holds: large!.segments > large!.writes },
    ];
  },

  tellingApart({ port, ids, seen, listed }) {
    const ends = seen.sockets.filter(({ state, peer }) =>
      state === "ESTAB" && peer.port !== port
    );
    const peers = new Set(ends.map(({ peer }) => peer.port));
    return [
      {
        claim: "one-port",
        holds: ends.length === ids.length &&
          ends.every(({ local }) => local.port === port),
      },
      { claim: "ends-differ", holds: peers.size === ids.length },
      {
        claim: "list-agrees",
        holds: ids.every((id) => peers.has(listed[id] ?? NaN)),
      },
    ];
  },

  timeWait({ closed, restart }) {
    const by = (first: ClosedSeen["first"]) =>
      closed.find((each) => each.first === first)!;
    return [
      { claim: "client-waits", holds: firstWaits(by("client")) },
      { claim: "server-waits", holds: firstWaits(by("server")) },
      {
        claim: "a-minute",
        holds: closed.every(({ goneMs = 0 }) =>
          goneMs >= TIME_WAIT_MS.least && goneMs <= TIME_WAIT_MS.most
        ),
      },
      {
        claim: "port-again",
        holds: restart.listens &&
          restart.seen.sockets.some(({ state, local }) =>
            state === "TIME-WAIT" && local.port === by("server").serverPort
          ),
      },
    ];
  },

  silentClient(seen) {
    const { frozen, unread, how, foundAfterMs } = seen;
    // A TIME-WAIT is of somebody who had the port before.
    const connections = frozen.sockets.filter(({ state }) =>
      state !== "LISTEN" && state !== "TIME-WAIT"
    );
    return [
      {
        claim: "kernel-unaware",
        holds: connections.length === 2 && unread > 0 &&
          connections.every(({ state }) => state === "ESTAB"),
      },
      {
        claim: "silence-found",
        holds: how === "silent" &&
          foundAfterMs < seen.pingIntervalMs + seen.pingTimeoutMs + LATE_MS,
      },
    ];
  },
};

/** Judges what was measured for the lab's questions. */
export function judgeQuestions(
  { localPort, beforeAccept, segments, tellingApart, timeWait, silentClient }:
    QuestionsObservation,
): Finding<QuestionsClaim>[] {
  return [
    ...JUDGES.localPort(localPort),
    ...JUDGES.beforeAccept(beforeAccept),
    ...JUDGES.segments(segments),
    ...JUDGES.tellingApart(tellingApart),
    ...JUDGES.timeWait(timeWait),
    ...JUDGES.silentClient(silentClient),
  ];
}

function established(
  rows: readonly Socket[],
  localPort: number,
  peerPort: number,
): Socket | undefined {
  return rows.find(({ state, local, peer }) =>
    state === "ESTAB" && local.port === localPort && peer.port === peerPort
  );
}

/** Whether nothing is left but a TIME-WAIT at the side that closed first. */
function firstWaits(
  { first, clientPort, serverPort, left }: ClosedSeen,
): boolean {
  const [socket, ...others] = left.sockets;
  return others.length === 0 && socket?.state === "TIME-WAIT" &&
    socket.local.port === (first === "client" ? clientPort : serverPort);
}

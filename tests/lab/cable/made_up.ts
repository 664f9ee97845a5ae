import type {
  CableObservation,
  Look,
  Moment,
  ObservedList,
  ObservedSend,
} from "../../../lab/cable/observation.ts";

const NOTHING = { command: "ss -tano", output: "State" };

/** A look at two connections: server's and client's end of each. */
function look(
  moment: Moment,
  outMs: number | undefined,
  quitter: readonly [string, string],
  stayer: readonly [string, string] = ["ESTAB", "ESTAB"],
): Look {
  return {
    moment,
    ...(outMs !== undefined && { outMs }),
    quitter: { server: quitter[0], client: quitter[1] },
    stayer: { server: stayer[0], client: stayer[1] },
    server: NOTHING,
    clients: NOTHING,
  };
}

function list(self: number, ...others: number[]): ObservedList {
  return {
    command: "parley-client list",
    output: `list ${self}`,
    self,
    others,
  };
}

function undelivered(reason: string, ms: number): ObservedSend {
  const output = `{"delivered":false,"reason":"${reason}"}`;
  return {
    command: "parley-client send",
    output,
    delivered: false,
    reason,
    ms,
  };
}

/** What would be seen of a cable that was pulled; each call makes a new one. */
export function madeUp(): CableObservation {
  return {
    full: false,
    orphanRetries: 3,
    without: {
      quitter: { id: 1, port: 51_001 },
      stayer: { id: 2, port: 51_002 },
      deliveryTimeoutMs: 2_000,
      outMs: 15_143,
      looks: [
        look("connected", undefined, ["ESTAB", "ESTAB"]),
        look("pulled", 1, ["ESTAB", "ESTAB"]),
        look("sent", 2_150, ["ESTAB", "ESTAB"]),
        look("quit", 5_175, ["ESTAB", "FIN-WAIT-1"]),
        look("waiting", 6_400, ["ESTAB", "-"]),
        look("waited", 15_080, ["ESTAB", "-"]),
        look("plugged", undefined, ["ESTAB", "-"]),
        look("asked", undefined, ["-", "-"]),
      ],
      listAtFirst: list(3, 1, 2),
      listAtLast: list(5, 1, 2),
      send: undelivered("not-confirmed", 2_090),
      quit: { exitCode: 0, ms: 3_013, screen: "parley> 7\nDisconnected" },
      wire: {
        kind: "captured",
        server: {
          fins: 0,
          messagesMs: [300, 506, 714, 1_160, 1_982, 3_646, 7_070, 13_726],
          reset: 53,
        },
        clients: { fins: 0, messagesMs: [], reset: 45 },
        files: {
          server: "cable-server.pcapng",
          clients: "cable-clients.pcapng",
        },
      },
      listAnew: list(6, 1, 2),
      sendToQuitter: undelivered("receiver-gone", 80),
      listAfter: list(8, 2),
      late: { ms: 11_785, line: "From 4: Is anybody there?" },
    },
    with: {
      id: 1,
      pingIntervalMs: 1_000,
      pingTimeoutMs: 1_000,
      goneMs: 2_118,
      log: "#1 left (silent: nothing was heard for 2 s)",
      send: undelivered("receiver-gone", 2_130),
      list: list(3),
      clientMs: 2_119,
      screen: "Disconnected: the server has been silent for 2 s",
      again: 4,
    },
  };
}

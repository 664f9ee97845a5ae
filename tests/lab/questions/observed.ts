import type { QuestionsObservation } from "../../../lab/questions/observation.ts";
import { parseSockets, type Sockets } from "../../../lab/sockets.ts";

const TITLES = "State Recv-Q Send-Q Local Address:Port Peer Address:Port";

/** What `ss` says when it prints these lines. */
export function said(...lines: string[]): Sockets {
  const output = [TITLES, ...lines].join("\n");
  return { command: "ss -tano", output, sockets: parseSockets(output) };
}

/** An address on this machine. */
const at = (port: number) => `127.0.0.1:${port}`;

/** What is seen when all is as it should be. */
export const OBSERVED: QuestionsObservation = {
  localPort: {
    command: "parley-client name",
    log: "(the log of the connects)",
    ports: [40_000, 40_002, 40_004],
    setting: { command: "cat range", output: "32768\t60999" },
    range: { first: 32_768, last: 60_999 },
  },
  beforeAccept: {
    port: 4000,
    clientPort: 5000,
    connectMs: 0.42,
    sent: 18,
    before: said(
      `LISTEN 1 511 ${at(4000)} 0.0.0.0:*`,
      `ESTAB 18 0 ${at(4000)} ${at(5000)}`,
      `ESTAB 0 0 ${at(5000)} ${at(4000)}`,
    ),
    read: 18,
    acceptedPort: 5000,
    after: said(
      `LISTEN 0 511 ${at(4000)} 0.0.0.0:*`,
      `ESTAB 0 0 ${at(4000)} ${at(5000)}`,
      `ESTAB 0 0 ${at(5000)} ${at(4000)}`,
    ),
  },
  segments: {
    sendings: [
      {
        way: "small",
        bytes: 1600,
        writes: 100,
        segments: 18,
        mss: 38_912,
        reads: 2,
      },
      {
        way: "small-at-once",
        bytes: 1600,
        writes: 100,
        segments: 35,
        mss: 35_840,
        reads: 3,
      },
      {
        way: "large",
        bytes: 1_000_000,
        writes: 1,
        segments: 23,
        mss: 65_483,
        reads: 16,
      },
    ],
    counted: { command: "ss -i", output: "(what was counted)" },
    readSize: 65_536,
    mtu: { command: "cat mtu", output: "65536" },
  },
  tellingApart: {
    port: 2203,
    ids: [1, 2],
    seen: said(
      `LISTEN 0 511 ${at(2203)} 0.0.0.0:*`,
      `ESTAB 0 0 ${at(2203)} ${at(6002)}`,
      `ESTAB 0 0 ${at(6001)} ${at(2203)}`,
      `ESTAB 0 0 ${at(2203)} ${at(6001)}`,
      `ESTAB 0 0 ${at(6002)} ${at(2203)}`,
    ),
    list: { command: "parley-client list", output: "(the list)" },
    listed: { 1: 6001, 2: 6002, 3: 6003 },
  },
  timeWait: {
    closed: [
      {
        first: "client",
        serverPort: 2204,
        clientPort: 7001,
        left: said(
          `TIME-WAIT 0 0 ${at(7001)} ${at(2204)} timer:(timewait,59sec,0)`,
        ),
        looks: [{ ms: 0, leftMs: 59_000 }, { ms: 60_100, leftMs: 0 }],
        goneMs: 60_600,
      },
      {
        first: "server",
        serverPort: 2205,
        clientPort: 7002,
        left: said(
          `TIME-WAIT 0 0 ${at(2205)} ${at(7002)} timer:(timewait,59sec,0)`,
        ),
        looks: [{ ms: 0, leftMs: 59_000 }, { ms: 60_300, leftMs: 0 }],
        goneMs: 60_800,
      },
    ],
    restart: {
      command: "parley-server --port 2205",
      output: "Listening on 127.0.0.1:2205",
      listens: true,
      seen: said(
        `LISTEN 0 511 ${at(2205)} 0.0.0.0:*`,
        `TIME-WAIT 0 0 ${at(2205)} ${at(7002)} timer:(timewait,58sec,0)`,
      ),
    },
  },
  silentClient: {
    settings: {
      keepaliveTime: 7200,
      keepaliveInterval: 75,
      keepaliveProbes: 9,
      retries: 15,
    },
    printed: { command: "cat settings", output: "7200\n75\n9\n15" },
    help: { command: "parley-server --help", output: "(its help)" },
    defaults: { interval: 10, timeout: 5 },
    command: "parley-server --ping-interval 0.5",
    pingIntervalMs: 500,
    pingTimeoutMs: 500,
    port: 2206,
    frozen: said(
      `LISTEN 0 511 ${at(2206)} 0.0.0.0:*`,
      `ESTAB 0 0 ${at(2206)} ${at(8001)}`,
      `ESTAB 16 0 ${at(8001)} ${at(2206)}`,
    ),
    unread: 16,
    foundAfterMs: 1108,
    log: "(the log of the silent one)",
    how: "silent",
  },
};

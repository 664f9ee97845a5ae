import { figure } from "../figure.ts";
import type { Texts } from "./texts.ts";

/** English. */
export const en: Texts = {
  questions: {
    localPort:
      "Does a client need bind? Where does its port come from; is it " +
      "the same at each connect?",
    beforeAccept: "If the server has called listen but not yet accept, does " +
      "connect succeed?",
    segments: "Does the number of TCP segments equal the number of sends?",
    tellingApart: "How does the server tell the clients on one port apart?",
    timeWait: "Which TCP state follows an active close, and for how long?",
    silentClient: "After a client drops off the network, how can the server " +
      "find out?",
  },
  answers: {
    localPort({ ports, range }) {
      const different = new Set(ports).size;
      return `**No.** Parley's client never calls bind: when it calls connect, ` +
        `the kernel gives it a free port from ${range.first} to ` +
        `${range.last} (\`ip_local_port_range\`). The port is not the same ` +
        `each time: ${ports.length} connects had **${different} different ` +
        `ports**, from ${Math.min(...ports)} to ${Math.max(...ports)}. Only ` +
        `the server needs bind, as clients have to know its port beforehand.`;
    },
    beforeAccept: ({ connectMs, sent, read }) =>
      `**Yes.** Nobody had called accept when connect returned, after ` +
      `${
        connectMs.toFixed(1)
      } ms: the kernel does the handshake by itself and ` +
      `puts the connection into the listening socket's queue (its Recv-Q is ` +
      `1). Both ends are ESTAB, and even the ${sent} bytes that the client ` +
      `sent were there. accept only took the connection out of the queue, and ` +
      `the first read had all ${read} bytes.`,
    segments({ sendings }) {
      const of = (way: string) => sendings.find((each) => each.way === way)!;
      const [small, large] = [of("small"), of("large")];
      return `**No**; there can be fewer or more. ${small.writes} sends of ` +
        `${small.bytes / small.writes} bytes went in ${small.segments} ` +
        `segments, and ${times(large.writes)} ` +
        `${figure(large.bytes)} bytes went in ${large.segments}. TCP carries ` +
        `a stream of bytes and cuts it as suits it; the other end needed ` +
        `${small.reads} reads for the first and ${large.reads} for the second.`;
    },
    tellingApart: ({ port, ids }) =>
      `By the four-tuple: the server's address and port, and the client's ` +
      `address and port. At the server's end all ${ids.length} connections ` +
      `have port ${port}; at the clients' ends the ports differ. The kernel ` +
      `has a socket for each such tuple, and accept returns that. Parley ` +
      `gives each connection a number besides, which is easier to type.`,
    timeWait({ closed, restart }) {
      const seconds = closed.map(({ goneMs }) => (goneMs! / 1000).toFixed(1));
      return `**TIME-WAIT**, by way of FIN-WAIT-1 (its FIN is sent) and ` +
        `FIN-WAIT-2 (that is acknowledged), at the side that closes first and ` +
        `only there: at the client's when the client leaves, at the server's ` +
        `when the server is shut down and the client waits for it. TCP wants it ` +
        `to last 2 MSL, 4 minutes by RFC 9293; Linux takes 60 s. Looked ` +
        `for twice a second, it was gone after ${seconds.join(" s and ")} s. ` +
        (restart.listens
          ? `Meanwhile a server can be started on the same port again, as Deno ` +
            `sets SO_REUSEADDR for a socket that listens.`
          : "");
    },
    silentClient(seen, { idle }) {
      const { pingIntervalMs, pingTimeoutMs, foundAfterMs, unread } = seen;
      const told = (pingIntervalMs + pingTimeoutMs) / 1000;
      return `Only by asking, or by sending something that has to be answered: ` +
        `who has vanished sends no FIN. Parley's server asks whoever is quiet, ` +
        `with a ping; told to wait ${told} s in all, it took a frozen client ` +
        `off its list after **${(foundAfterMs / 1000).toFixed(2)} s**. The ` +
        `kernel alone noticed nothing: it had acknowledged the ping ` +
        `(${unread} bytes in the client's Recv-Q, unread), and both ends ` +
        `stayed ESTAB. Of a machine that is gone its keepalive would tell ` +
        `after ${duration(idle)}. The cable experiment does the same with a ` +
        `cable that is pulled.`;
    },
  },
  unexpected: "What was measured here is not what was expected; the findings " +
    "below say in what.",
  claims: {
    "ports-from-range": "Each port is one that the kernel gives by itself",
    "ports-change": "It is not the same at each connect",
    "connect-before-accept":
      "Connect succeeds before accept is called, and the connection waits in " +
      "the queue",
    "data-before-accept":
      "What was sent before accept is there at the first read",
    "fewer-segments": "Many small sends go in fewer segments",
    "more-segments": "One large send goes in more segments",
    "one-port": "All connections have the same port at the server",
    "ends-differ": "No two of them have the same port at the client",
    "list-agrees": "Parley's list shows the same ports as the kernel",
    "client-waits":
      "When the client closes first, its side is in TIME-WAIT, and nothing is " +
      "left at the server's",
    "server-waits":
      "When the server closes first, its side is in TIME-WAIT, and nothing is " +
      "left at the client's",
    "a-minute": "It lasts a minute",
    "port-again":
      "A server can be started on a port while that port is in TIME-WAIT",
    "kernel-unaware":
      "The kernel acknowledges a ping for a frozen client, and both ends stay " +
      "ESTAB",
    "silence-found":
      "The server finds out at the end of its ping interval and timeout, at " +
      "most a second late, and says so in its log",
  },

  logOf: (runs, command) => `server's log of ${runs} × \`${command}\``,
  beforeAccept: "before accept",
  afterAccept: "after accept and a read",
  ways: {
    small: "many small ones",
    "small-at-once": "the same with TCP_NODELAY",
    large: "one large one",
  },
  segmentsHead: [
    "way",
    "sends",
    "bytes",
    "segments with data",
    "largest segment",
    "reads",
  ],
  segmentsCaption: "Sends on one loopback connection each, the segments that " +
    "the sender's kernel has counted (`data_segs_out` of `ss -i`), and the " +
    "reads at the other end. The largest segment (its MSS) is in bytes; Linux " +
    "makes it no more than half of the window that the other end has offered, " +
    "which grows with what comes.",
  segmentsWhy: (readSize, mtu) => [
    "Small sends are joined: by Nagle's algorithm, while something is not " +
    "acknowledged yet, the kernel collects what else is written and sends it " +
    "together.",
    "With TCP_NODELAY nothing waits for an acknowledgement, yet the number " +
    "need not be that of the sends: what may not be sent yet, as enough is " +
    "under way, is joined all the same.",
    `A large send is cut: a segment holds no more than the MSS, which follows ` +
    `from the interface's MTU. The loopback's is ${
      figure(mtu)
    }; Ethernet's is ` +
    `usually 1,500, which makes many more segments.`,
    `A read takes what is there, up to ${
      figure(readSize)
    } bytes here, however ` +
    `it came.`,
  ],
  sender: (way) => `sender, ${way}`,
  endsHead: ["number", "client's end", "server's end"],
  endsCaption:
    "The server's sockets, with the numbers that Parley's list has " +
    "for the clients.",
  closedFirst: {
    client: "the client has left",
    server: "the server was shut down, and the client waited for it",
  },
  waitsHead: [
    "closed first",
    "TIME-WAIT at",
    "towards",
    "seen last (s)",
    "gone (s)",
  ],
  waitsCaption: "Both were looked for twice a second with `ss`, from the " +
    "moment when they were there.",
  sides: { client: "client", server: "server" },
  notGone: "not gone",
  restart: "while it is in TIME-WAIT",
  restartSockets: "at the same time",
  frozen: "while the client is frozen (SIGSTOP) and the ping waits",
  patienceHead: ["who", "when", "finds out after"],
  patienceCaption: "How long it takes to find out that nobody is there. The " +
    "kernel's times follow from the settings above; Parley's was measured.",
  patience({ settings, defaults, pingIntervalMs, foundAfterMs }, patience) {
    const { keepaliveTime, keepaliveInterval, keepaliveProbes } = settings;
    const { idle, sending } = patience;
    return [
      [
        "kernel, without SO_KEEPALIVE",
        "nothing is sent",
        "never",
      ],
      [
        "kernel, with SO_KEEPALIVE",
        "nothing is sent",
        `${keepaliveTime} s + ${keepaliveProbes} × ${keepaliveInterval} s = ` +
        duration(idle),
      ],
      [
        "kernel",
        "something is sent and not acknowledged",
        `${settings.retries} retries: at least ${duration(sending)}`,
      ],
      [
        "Parley by default",
        `nothing was heard for ${defaults.interval} s: a ping`,
        `${defaults.interval} s + ${defaults.timeout} s`,
      ],
      [
        "Parley here",
        `nothing was heard for ${pingIntervalMs / 1000} s: a ping`,
        `measured: ${(foundAfterMs / 1000).toFixed(2)} s`,
      ],
    ];
  },
  silentLog: (command) => `log of \`${command}\``,
};

function times(number: number): string {
  return number === 1 ? "one send of" : `${number} sends of`;
}

/** Seconds for people: `2 h 11 min`, `15 min 25 s`. */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, min, s] = [
    Math.floor(whole / 3600),
    Math.floor(whole % 3600 / 60),
    whole % 60,
  ];
  if (h > 0) return `${h} h ${min} min`;
  return min > 0 ? `${min} min ${s} s` : `${s} s`;
}

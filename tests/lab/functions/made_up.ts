/**
 * A visit that did not take place: what would be seen of every function.
 *
 * @module
 */

import { TcpFlag } from "../../../capture/tcp_packet.ts";
import type {
  FunctionName,
  FunctionsObservation,
  ObservedPacket,
  Party,
} from "../../../lab/functions/observation.ts";
import {
  Command,
  empty,
  encodeFrame,
  type Encoder,
  FrameType,
  goodbye,
  GoodbyeReason,
  hello,
  listPage,
  listQuery,
  message,
  name,
  refusal,
  send,
  Status,
  time,
} from "../../../protocol/mod.ts";

const { request, response, indication } = FrameType;
const PORT_A = 51_000;
const PORT_B = 51_001;
const AT_MS = Date.UTC(2026, 10, 23, 3, 4, 5, 678);

/** A frame in hexadecimal. */
export function hexOf<T>(
  type: FrameType,
  command: Command,
  id: number,
  encoder: Encoder<T>,
  value: T,
  status: Status = Status.ok,
): string {
  return encodeFrame({ type, command, status, id }, encoder, value).toHex();
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function packet(
  from: Party,
  to: Party,
  ...frames: string[]
): Omit<ObservedPacket, "number"> {
  const size = frames.join("").length / 2;
  const flags = TcpFlag.psh | TcpFlag.ack;
  return { ms: 0, from, to, flags, size, frames };
}

function bare(
  from: Party,
  to: Party,
  flags: number,
): Omit<ObservedPacket, "number"> {
  return { ms: 0, from, to, flags, size: 0, frames: [] };
}

const listed = hexOf(response, Command.list, 3, listPage, {
  more: false,
  clients: [
    { id: 1, address: "127.0.0.1", port: PORT_A, connectedMs: AT_MS },
    { id: 2, address: "127.0.0.1", port: PORT_B, connectedMs: AT_MS },
  ],
});
const asksList = hexOf(request, Command.list, 3, listQuery, {
  after: 0,
  limit: 0,
});
const leaving = hexOf(indication, Command.goodbye, 8, goodbye, {
  reason: GoodbyeReason.leaving,
  text: "leaving",
});
const leave = hexOf(response, Command.goodbye, 8, empty, undefined);
const fin = TcpFlag.fin | TcpFlag.ack;

const FUNCTIONS: Readonly<
  Record<FunctionName, {
    screens: Partial<Record<Party, string>>;
    packets: Omit<ObservedPacket, "number">[];
  }>
> = {
  connect: {
    screens: {
      a: "Connected to lab-pc (127.0.0.1:2203) as number 1\nparley> ",
      server: `03:04:05  #1 127.0.0.1:${PORT_A} connected (1 connected)\n`,
    },
    packets: [
      bare("a", "server", TcpFlag.syn),
      bare("server", "a", TcpFlag.syn | TcpFlag.ack),
      bare("a", "server", TcpFlag.ack),
      packet(
        "server",
        "a",
        hexOf(indication, Command.hello, 0, hello, {
          version: 1,
          tokenWanted: false,
          id: 1,
          maxPayload: 67_584,
          maxText: 65_536,
          deliveryTimeoutMs: 5_000,
          name: "lab-pc",
        }),
      ),
    ],
  },
  time: {
    screens: {
      a: "3\nServer time: 2026-11-23 11:04:05 +08:00 (Asia/Shanghai)\nparley> ",
      server: "#1 time → 2026-11-23T03:04:05.678Z\n",
    },
    packets: [
      packet("a", "server", hexOf(request, Command.time, 1, empty, undefined)),
      packet(
        "server",
        "a",
        hexOf(response, Command.time, 1, time, {
          unixMs: AT_MS,
          offsetMinutes: 480,
          zone: "Asia/Shanghai",
        }),
      ),
    ],
  },
  name: {
    screens: { a: "4\nServer name: lab-pc\nparley> ", server: "#1 name\n" },
    packets: [
      packet("a", "server", hexOf(request, Command.name, 2, empty, undefined)),
      packet("server", "a", hexOf(response, Command.name, 2, name, "lab-pc")),
    ],
  },
  list: {
    screens: {
      a: "5\nnumber  address          since\n" +
        `1       127.0.0.1:${PORT_A}  03:04:05  (you)\n` +
        `2       127.0.0.1:${PORT_B}  03:04:05\nparley> `,
      server: "#1 list\n",
    },
    packets: [packet("a", "server", asksList), packet("server", "a", listed)],
  },
  send: {
    screens: {
      a: "6\nDelivered to 2\nparley> ",
      server: "#1 send\n",
      b: `From 1 (127.0.0.1:${PORT_A}): Hello, B!\nparley> `,
    },
    packets: [
      packet("a", "server", asksList),
      packet("server", "a", listed),
      packet(
        "a",
        "server",
        hexOf(request, Command.send, 5, send, {
          to: 2,
          text: utf8("Hello, B!"),
        }),
      ),
      packet(
        "server",
        "b",
        hexOf(indication, Command.message, 1, message, {
          from: 1,
          address: "127.0.0.1",
          port: PORT_A,
          text: utf8("Hello, B!"),
        }),
      ),
      packet(
        "b",
        "server",
        hexOf(response, Command.message, 1, empty, undefined),
      ),
      packet("server", "a", hexOf(response, Command.send, 5, empty, undefined)),
    ],
  },
  receive: {
    screens: {
      a: `From 2 (127.0.0.1:${PORT_B}): 你好\nparley> `,
      server: "#2 send\n",
      b: "6\nDelivered to 1\nparley> ",
    },
    packets: [
      packet(
        "server",
        "a",
        hexOf(indication, Command.message, 1, message, {
          from: 2,
          address: "127.0.0.1",
          port: PORT_B,
          text: utf8("你好"),
        }),
      ),
    ],
  },
  refused: {
    screens: {
      a: "6\nNot delivered to 99: No client has number 99\nparley> ",
      server: "#1 send\n",
    },
    packets: [
      packet(
        "a",
        "server",
        hexOf(request, Command.send, 7, send, { to: 99, text: utf8("Hm?") }),
      ),
      packet(
        "server",
        "a",
        hexOf(
          response,
          Command.send,
          7,
          refusal,
          "No client has number 99",
          Status.unknownNumber,
        ),
      ),
    ],
  },
  disconnect: {
    screens: { a: "2\nDisconnected\nparley> ", server: "#1 left\n" },
    packets: [
      packet("a", "server", leaving),
      packet("server", "a", leave),
      bare("a", "server", fin),
      bare("server", "a", fin),
    ],
  },
  quit: {
    screens: { b: "7\nDisconnected\n", server: "#2 left\n" },
    packets: [
      packet("b", "server", leaving),
      packet("server", "b", leave),
      bare("b", "server", fin),
      bare("server", "b", fin),
    ],
  },
  shutdown: {
    screens: {
      a: "Disconnected: SIGINT received\nparley> ",
      server: "closed\n",
    },
    packets: [
      packet(
        "server",
        "a",
        hexOf(indication, Command.goodbye, 0, goodbye, {
          reason: GoodbyeReason.shuttingDown,
          text: "SIGINT received",
        }),
      ),
      bare("server", "a", fin),
      bare("a", "server", fin),
    ],
  },
};

/** What would be seen. Each call makes a new one, to be spoilt. */
export function madeUp(): FunctionsObservation {
  let number = 0;
  return {
    serverName: "lab-pc",
    clients: [
      { party: "a", port: PORT_A },
      { party: "b", port: PORT_B },
      { party: "a", port: 51_002 },
    ],
    functions: Object.entries(FUNCTIONS).map((
      [name, { screens, packets }],
    ) => ({
      name: name as FunctionName,
      screens: { a: "", server: "", b: "", ...screens },
      packets: packets.map((packet) => ({ ...packet, number: ++number })),
    })),
    exitCodes: { a: 0, server: 0, b: 0 },
    captures: { a: "a.pcapng", server: "server.pcapng", b: "b.pcapng" },
  };
}

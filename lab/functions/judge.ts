import {
  Command,
  decodePayload,
  type Frame,
  FrameDecoder,
  FrameType,
  goodbye,
  GoodbyeReason,
  hello,
  listPage,
  MAX_TEXT,
  name,
  PAYLOAD_MARGIN,
  refusal,
  Status,
  time,
} from "../../protocol/mod.ts";
import { TcpFlag } from "../../capture/tcp_packet.ts";
import type { Finding } from "../experiment.ts";
import type {
  FunctionName,
  FunctionsObservation,
  ObservedFunction,
  Party,
} from "./observation.ts";

/** What is claimed about each function. */
export type FunctionClaim =
  | "greeted"
  | "time-as-answered"
  | "name-as-answered"
  | "list-as-on-the-wire"
  | "delivered-when-confirmed"
  | "message-shown"
  | "refusal-told"
  | "goodbye-answered"
  | "quit-says-goodbye"
  | "shutdown-told";

/** A frame, and who has sent it to whom. */
interface Sent {
  readonly from: Party;
  readonly to: Party;
  readonly frame: Frame;
}

/** Compares what the screens showed with what was on the wire. */
export function judgeFunctions(
  observation: FunctionsObservation,
): Finding<FunctionClaim>[] {
  const checks: Record<FunctionClaim, (seen: Seen) => boolean> = {
    "greeted": ({ of }) => {
      const { sent, screens } = of("connect");
      const first = sent[0];
      if (first?.from !== "server") return false;
      if (!is(first.frame, FrameType.indication, Command.hello)) return false;
      const { id, name } = decodePayload(first.frame, hello);
      return screens.server.includes(`#${id} `) && screens.a.includes(name);
    },
    "time-as-answered": ({ of }) => {
      const { sent, screens } = of("time");
      const answer = answerIn(sent, Command.time);
      if (answer === undefined) return false;
      const { unixMs, offsetMinutes } = decodePayload(answer, time);
      const there = new Date(unixMs + offsetMinutes * 60_000).toISOString();
      return screens.a.includes(there.slice(0, 19).replace("T", " ")) &&
        screens.server.includes(new Date(unixMs).toISOString());
    },
    "name-as-answered": ({ of }) => {
      const { sent, screens } = of("name");
      const answer = answerIn(sent, Command.name);
      return answer !== undefined &&
        decodePayload(answer, name) === observation.serverName &&
        screens.a.includes(observation.serverName);
    },
    "list-as-on-the-wire": ({ of }) => {
      const { sent, screens } = of("list");
      const answer = answerIn(sent, Command.list);
      if (answer === undefined) return false;
      const { clients } = decodePayload(answer, listPage);
      const ports = observation.clients.slice(0, 2).map(({ port }) => port);
      return clients.length === ports.length &&
        clients.every(({ id, address, port }, i) =>
          port === ports[i] &&
          new RegExp(`^${id} +${address}:${port} `, "m").test(screens.a)
        );
    },
    "delivered-when-confirmed": ({ of }) => {
      const { sent } = of("send");
      const steps = sent.filter(({ frame }) => frame.command !== Command.list);
      return steps.map(({ from, to, frame }) =>
        `${from} ${to} ${frame.type} ${frame.command} ${frame.status}`
      ).join() === [
        "a server 1 5 0",
        "server b 3 6 0",
        "b server 2 6 0",
        "server a 2 5 0",
      ].join();
    },
    "message-shown": ({ of }) => {
      const text = textSentIn(of("send").sent);
      return text !== undefined && of("send").screens.b.includes(text);
    },
    "refusal-told": ({ of }) => {
      const { sent, screens } = of("refused");
      const answer = sent.find(({ frame }) =>
        is(frame, FrameType.response, Command.send)
      )?.frame;
      return answer?.status === Status.unknownNumber &&
        screens.a.includes(decodePayload(answer, refusal)) &&
        !sent.some(({ to }) => to === "b");
    },
    "goodbye-answered": ({ of }) => saysGoodbye(of("disconnect"), "a"),
    "quit-says-goodbye": ({ of }) =>
      saysGoodbye(of("quit"), "b") && observation.exitCodes.b === 0,
    "shutdown-told": ({ of }) => {
      const { sent, packets } = of("shutdown");
      const last = sent.find(({ frame }) =>
        is(frame, FrameType.indication, Command.goodbye)
      );
      return last?.from === "server" && last.to === "a" &&
        decodePayload(last.frame, goodbye).reason ===
          GoodbyeReason.shuttingDown &&
        // Both close at once: either FIN may be the first.
        finsOf(packets).toSorted().join() === "a,server" &&
        observation.exitCodes.server === 0;
    },
  };
  const seen = seenIn(observation);
  return Object.entries(checks).map(([claim, check]) => ({
    claim: claim as FunctionClaim,
    holds: holds(() => check(seen)),
  }));
}

/** What was seen, with its frames decoded. */
interface Seen {
  readonly of: (name: FunctionName) => ObservedFunction & { sent: Sent[] };
}

function seenIn({ functions }: FunctionsObservation): Seen {
  return {
    of: (name) => {
      const observed = functions.find((one) => one.name === name);
      if (observed === undefined) throw new TypeError(`${name} was not seen`);
      const sent = observed.packets.flatMap(({ from, to, frames }) =>
        frames.map((hex) => ({ from, to, frame: decode(hex) }))
      );
      return { ...observed, sent };
    },
  };
}

/** A claim about what cannot even be read does not hold. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function decode(hex: string): Frame {
  let decoded: Frame | undefined;
  new FrameDecoder({ maxPayload: MAX_TEXT + PAYLOAD_MARGIN }).push(
    Uint8Array.fromHex(hex),
    (frame) => {
      decoded = frame;
      return true;
    },
  );
  if (decoded === undefined) throw new TypeError(`No whole frame: ${hex}`);
  return decoded;
}

function is(frame: Frame, type: FrameType, command: Command): boolean {
  return frame.type === type && frame.command === command;
}

/** The answer to the one request of `command`, if it came and was not a no. */
function answerIn(sent: readonly Sent[], command: Command): Frame | undefined {
  const [request, answer, ...others] = sent
    .filter(({ frame }) => frame.command === command)
    .map(({ frame }) => frame);
  const fits = request?.type === FrameType.request &&
    answer?.type === FrameType.response && answer.id === request.id &&
    answer.status === Status.ok && others.length === 0;
  return fits ? answer : undefined;
}

/** The text of the first send; its number is in front of it. */
function textSentIn(sent: readonly Sent[]): string | undefined {
  const request = sent.find(({ frame }) =>
    is(frame, FrameType.request, Command.send)
  )?.frame;
  return request && new TextDecoder().decode(request.payload.subarray(4));
}

/** Whether a client said goodbye, was answered, and closed first. */
function saysGoodbye(
  { sent, packets }: ObservedFunction & { sent: Sent[] },
  client: Party,
): boolean {
  const [said, answered] = sent;
  return said?.from === client && answered?.from === "server" &&
    is(said.frame, FrameType.indication, Command.goodbye) &&
    is(answered.frame, FrameType.response, Command.goodbye) &&
    finsOf(packets).join() === `${client},server`;
}

/** Who has closed, in order. */
function finsOf(packets: ObservedFunction["packets"]): Party[] {
  return packets.filter(({ flags }) => (flags & TcpFlag.fin) !== 0)
    .map(({ from }) => from);
}

import {
  type Codec,
  Command,
  empty,
  encodeFrame,
  type FrameHeader,
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
} from "../../protocol/mod.ts";
import type { ExchangeStep } from "./exchange_picture.ts";

const { request, response, indication } = FrameType;
const HI = new TextEncoder().encode("hi");

/**
 * The first visit of SPEC.md's section 8, frame by frame. Its parties are client
 * 5, the server and client 2, in this order.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frameSummary } from "./frame_summary.ts";
 *
 * const [first] = specVisit().flatMap(({ frames = [] }) => frames);
 * assertEquals(frameSummary(first!, "en"), "indication hello, id 0, 40 bytes");
 * ```
 */
export function specVisit(): ExchangeStep[] {
  const origin = { address: "2001:db8::1", port: 51000 };
  const other = { address: "192.0.2.22", port: 40312 };
  return [
    { from: 0, to: 1, label: "TCP connect" },
    answer(indication, Command.hello, 0, hello, {
      version: 1,
      tokenWanted: false,
      id: 5,
      maxPayload: 67_584,
      maxText: 65_536,
      deliveryTimeoutMs: 5_000,
      name: "lab-pc",
    }),
    ask(request, Command.time, 1, empty, undefined),
    answer(response, Command.time, 1, time, {
      unixMs: 1795369445329,
      offsetMinutes: 480,
      zone: "Asia/Shanghai",
    }),
    ask(request, Command.name, 2, empty, undefined),
    answer(response, Command.name, 2, name, "lab-pc"),
    ask(request, Command.list, 3, listQuery, { after: 0, limit: 0 }),
    answer(response, Command.list, 3, listPage, {
      more: false,
      clients: [
        { id: 2, ...other, connectedMs: 1795369440000 },
        { id: 5, ...origin, connectedMs: 1795369445000 },
      ],
    }),
    ask(request, Command.send, 4, send, { to: 2, text: HI }),
    {
      ...answer(indication, Command.message, 9, message, {
        from: 5,
        ...origin,
        text: HI,
      }),
      to: 2,
    },
    { ...ask(response, Command.message, 9, empty, undefined), from: 2 },
    answer(response, Command.send, 4, empty, undefined),
    ask(request, Command.send, 5, send, { to: 99, text: HI }),
    answer(
      response,
      Command.send,
      5,
      refusal,
      "No client has number 99",
      Status.unknownNumber,
    ),
    answer(indication, Command.ping, 10, empty, undefined),
    ask(response, Command.ping, 10, empty, undefined),
    ask(indication, Command.goodbye, 6, goodbye, {
      reason: GoodbyeReason.leaving,
      text: "leaving",
    }),
    answer(response, Command.goodbye, 6, empty, undefined),
    { from: 0, to: 1, label: "TCP close" },
    { from: 1, to: 0, label: "TCP close" },
  ];
}

/** A frame of client 5 for the server. */
function ask<T>(
  type: FrameHeader["type"],
  command: number,
  id: number,
  codec: Codec<T>,
  value: T,
): ExchangeStep {
  const header = { type, command, status: Status.ok, id };
  return { from: 0, to: 1, frames: [encodeFrame(header, codec, value)] };
}

/** A frame of the server for client 5. */
function answer<T>(
  type: FrameHeader["type"],
  command: number,
  id: number,
  codec: Codec<T>,
  value: T,
  status: number = Status.ok,
): ExchangeStep {
  const header = { type, command, status, id };
  return { from: 1, to: 0, frames: [encodeFrame(header, codec, value)] };
}

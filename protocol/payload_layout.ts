import { authenticate } from "./authenticate.ts";
import type { Codec } from "./codec.ts";
import { Command } from "./command.ts";
import { empty } from "./empty.ts";
import { fault } from "./fault.ts";
import { type FrameHeader, FrameType } from "./frame.ts";
import { goodbye } from "./goodbye.ts";
import { hello } from "./hello.ts";
import { listPage, listQuery } from "./list.ts";
import { message } from "./message.ts";
import { name } from "./name.ts";
import { nodeList } from "./nodes.ts";
import { refusal } from "./refusal.ts";
import { send } from "./send.ts";
import { Status } from "./status.ts";
import { time } from "./time.ts";

type Layouts = ReadonlyMap<number, Codec<unknown>>;

const requests: Layouts = new Map<number, Codec<unknown>>([
  [Command.time, empty],
  [Command.name, empty],
  [Command.list, listQuery],
  [Command.send, send],
  [Command.authenticate, authenticate],
  [Command.nodes, empty],
]);

const responses: Layouts = new Map<number, Codec<unknown>>([
  [Command.time, time],
  [Command.name, name],
  [Command.list, listPage],
  [Command.send, empty],
  [Command.message, empty],
  [Command.ping, empty],
  [Command.goodbye, empty],
  [Command.authenticate, empty],
  [Command.nodes, nodeList],
]);

const indications: Layouts = new Map<number, Codec<unknown>>([
  [Command.hello, hello],
  [Command.message, message],
  [Command.ping, empty],
  [Command.goodbye, goodbye],
  [Command.error, fault],
]);

/**
 * How the payload of a frame is laid out, from its header alone; `undefined`
 * for a command that this version does not know.
 *
 * A program that reads any frame (a dissector, a test, a log) begins here; one
 * that waits for a particular answer takes that answer's codec.
 *
 * @example Usage
 * ```ts
 * import { assertStrictEquals } from "@std/assert";
 * import { FrameType } from "./frame.ts";
 * import { time } from "./time.ts";
 *
 * const header = { type: FrameType.response, command: 2, status: 0, id: 7 };
 * assertStrictEquals(payloadLayout(header), time);
 * ```
 */
export function payloadLayout(
  header: FrameHeader,
): Codec<unknown> | undefined {
  switch (header.type) {
    case FrameType.request:
      return requests.get(header.command);
    case FrameType.response:
      return header.status === Status.ok
        ? responses.get(header.command)
        : refusal;
    case FrameType.indication:
      return indications.get(header.command);
  }
}

/**
 * The answers of a server that is one of several.
 *
 * @module
 */

import {
  Command,
  type Frame,
  FrameType,
  type ListPage,
  listPage,
  type NodeEntry,
  nodeList,
  Status,
} from "../../protocol/mod.ts";
import { frameOf, type RawPeer } from "../server/raw_peer.ts";

const type = FrameType.response;

/** The nodes of the tests: the first answers, the last does not. */
export const NODES: readonly NodeEntry[] = [
  {
    ...{ self: true, missing: false, clients: 12, messagesPerSecond: 340 },
    ...{ sinceMs: 1_000_000, roundTripUs: 0 },
    ...{ address: "192.0.2.1:2203", name: "lab-1" },
    ranges: [{ first: 1, last: 1000 }],
  },
  {
    ...{ self: false, missing: false, clients: 7, messagesPerSecond: 21 },
    ...{ sinceMs: 2_000_000, roundTripUs: 412 },
    ...{ address: "192.0.2.2:2203", name: "lab-2\u001b" },
    ranges: [{ first: 1001, last: 2000 }, { first: 4001, last: 5000 }],
  },
  {
    ...{ self: false, missing: true, clients: 3, messagesPerSecond: 0 },
    ...{ sinceMs: 3_000_000, roundTripUs: 530 },
    ...{ address: "[2001:db8::1]:2203", name: "lab-3" },
    ranges: [{ first: 2001, last: 3000 }, { first: 3001, last: 4000 }],
  },
];

/** Makes the answer to *nodes*. */
export function nodesAnswer(
  { id }: Pick<Frame, "id">,
  nodes: readonly NodeEntry[],
): Uint8Array {
  return frameOf({ type, command: Command.nodes, id }, nodeList, nodes);
}

/**
 * Answers the next requests, which have to be *list* and, if there are any,
 * *nodes*: with pages and, if there is anything, with what is missing.
 */
export async function answerList(
  peer: RawPeer,
  pages: readonly ListPage[],
  missing: string | undefined,
  nodes?: readonly NodeEntry[],
): Promise<void> {
  const left = [...pages];
  const count = [...pages, missing, nodes].filter((it) => it !== undefined)
    .length;
  for (let i = 0; i < count; i++) {
    const request = await peer.next();
    if (nodes !== undefined && request.command === Command.nodes) {
      await peer.write(nodesAnswer(request, nodes));
      continue;
    }
    const { command, id } = request;
    if (command !== Command.list) {
      throw new Error(`Expected list or nodes, got command ${command}`);
    }
    const page = left.shift();
    if (page === undefined) {
      await peer.refuse(request, Status.incomplete, missing ?? "");
    } else {
      await peer.write(frameOf({ type, command, id }, listPage, page));
    }
  }
}

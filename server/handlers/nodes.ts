import {
  decodePayload,
  empty,
  type NodeEntry,
  nodeList,
} from "../../protocol/mod.ts";
import type { Handler } from "./handler.ts";

/** Answers with the servers that act as one: at least this one. */
export const handleNodes: Handler = (request, requester, context) => {
  const { command, id } = request;
  decodePayload(request, empty);
  const answer = (nodes: readonly NodeEntry[]) =>
    requester.answer({ command, id }, nodeList, nodes, {
      answer: `${nodes.length} node${nodes.length === 1 ? "" : "s"}`,
    });
  // At once where nobody else has to be asked.
  const nodes = context.nodes();
  return nodes instanceof Promise ? nodes.then(answer) : answer(nodes);
};

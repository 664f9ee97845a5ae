import { jsonLine } from "../../terminal/mod.ts";
import { describeNodes } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/** `nodes`: prints which servers act as one, a server a line. */
export const nodes: OneShot = {
  words: [],
  help: "print which servers act as one",
  async run({ client, json, texts, signal, write }) {
    const nodes = await client.nodes({ signal });
    const lines = json
      ? nodes.map(({ roundTripUs, ranges, self, missing, ...node }) => {
        const { name, address, clients, messagesPerSecond, sinceMs } = node;
        return jsonLine({
          ...{ name, address, clients, messagesPerSecond, sinceMs },
          roundTripMs: roundTripUs / 1000,
          ...{ self, missing },
          numbers: ranges.map(({ first, last }) => [first, last]),
        });
      })
      : describeNodes(nodes, texts);
    for (const line of lines) write(line);
    return 0;
  },
};

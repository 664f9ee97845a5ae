import { jsonLine } from "../../terminal/mod.ts";
import { describeList } from "../describe.ts";
import { listWithNodes } from "../list_with_nodes.ts";
import type { OneShot } from "./one_shot.ts";

/**
 * `list`: prints who is connected, a client a line. It fails behind the last
 * line if these are not all.
 */
export const list: OneShot = {
  words: [],
  help: "print who is connected",
  async run({ client, json, texts, signal, write }) {
    const { clients, incomplete } = await listWithNodes(client, { signal });
    const lines = json
      ? clients.map(({ id, address, port, connectedMs, node }) => {
        const self = id === client.id;
        return jsonLine({ id, address, port, connectedMs, self, node });
      })
      : describeList(clients, client.id, texts);
    for (const line of lines) write(line);
    if (incomplete !== undefined) throw incomplete;
    return 0;
  },
};

import { jsonLine } from "../../terminal/mod.ts";
import { describeList } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/** `list`: prints who is connected, a client a line. */
export const list: OneShot = {
  words: [],
  help: "print who is connected",
  async run({ client, json, texts, signal, write }) {
    const clients = await client.list({ signal });
    const lines = json
      ? clients.map(({ id, address, port, connectedMs }) => {
        const self = id === client.id;
        return jsonLine({ id, address, port, connectedMs, self });
      })
      : describeList(clients, client.id, texts);
    for (const line of lines) write(line);
    return 0;
  },
};

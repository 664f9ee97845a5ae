import { jsonLine } from "../../terminal/mod.ts";
import { describeClient } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/** `list`: prints who is connected, a client a line. */
export const list: OneShot = {
  words: [],
  help: "print who is connected",
  async run({ client, json, signal, write }) {
    for (const listed of await client.list({ signal })) {
      const { id, address, port, connectedMs } = listed;
      const self = id === client.id;
      write(
        json
          ? jsonLine({ id, address, port, connectedMs, self })
          : describeClient(listed, client.id),
      );
    }
    return 0;
  },
};

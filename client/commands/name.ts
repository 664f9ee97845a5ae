import { jsonLine, visibleText } from "../../terminal/mod.ts";
import type { OneShot } from "./one_shot.ts";

/** `name`: prints the name of the server's machine. */
export const name: OneShot = {
  words: [],
  help: "print the name of the server's machine",
  async run({ client, json, signal, write }) {
    const name = await client.name({ signal });
    write(json ? jsonLine({ name }) : visibleText(name));
    return 0;
  },
};

import { jsonLine } from "../../terminal/mod.ts";
import { describeTime, isoTime } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/** `time`: prints the server's current time. */
export const time: OneShot = {
  words: [],
  help: "print the server's current time",
  async run({ client, json, signal, write }) {
    const time = await client.time({ signal });
    const { unixMs, zone } = time;
    const iso = isoTime(time);
    write(json ? jsonLine({ unixMs, iso, zone }) : describeTime(time));
    return 0;
  },
};

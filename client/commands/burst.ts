import { jsonLine } from "../../terminal/mod.ts";
import { burst as runBurst } from "../burst.ts";
import { describeBurst } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/**
 * `burst [--count 100] [--command time|name]`: sends many requests at once and
 * counts the answers, and the reads of the socket that brought them.
 */
export const burst: OneShot = {
  words: [],
  help: "send --count N requests at once; print how many answers came",
  async run({ client, json, texts, count = 100, command, signal, write }) {
    const result = await runBurst(client, { count, command, signal });
    const { sent, received, reads, failure } = result;
    const ms = Number(result.ms.toFixed(3));
    write(
      json
        ? jsonLine({ sent, received, reads, ms })
        : describeBurst(result, texts),
    );
    if (failure !== undefined) throw failure;
    return 0;
  },
};

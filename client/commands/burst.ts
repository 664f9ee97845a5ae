import { jsonLine } from "../../terminal/mod.ts";
import type { OneShot } from "./one_shot.ts";

/**
 * `burst [--count 100] [--command time|name]`: sends many requests at once and
 * counts the answers, and the reads of the socket that brought them: the two
 * are not the same, as TCP joins what is sent.
 */
export const burst: OneShot = {
  words: [],
  help: "send --count N requests at once; print how many answers came",
  async run({ client, json, count = 100, command, signal, write }) {
    const ask = () => client[command]({ signal });
    const readsBefore = client.reads;
    const startMs = performance.now();
    const answers = await Promise.allSettled(
      Array.from({ length: count }, ask),
    );
    const ms = Number((performance.now() - startMs).toFixed(3));
    const received = answers.filter((a) => a.status === "fulfilled").length;
    const reads = client.reads - readsBefore;
    write(
      json
        ? jsonLine({ sent: count, received, reads, ms })
        : `${received} of ${count} answers came, in ${reads} reads and ${
          ms.toFixed(1)
        } ms`,
    );
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed) throw failed.reason;
    return 0;
  },
};

import { jsonLine, UsageError, visibleText } from "../../terminal/mod.ts";
import type { OneShot } from "./one_shot.ts";

/** `send ID TEXT`: sends a text, and prints whether it was delivered. */
export const send: OneShot = {
  words: ["ID", "TEXT"],
  help: "send a text to a client; print whether it was delivered",
  check(words) {
    const [id = ""] = words;
    if (!/^\d{1,10}$/.test(id) || Number(id) > 0xffffffff) {
      throw new UsageError(
        `send takes a client's number first, not "${id}"; ` +
          "list shows the numbers",
      );
    }
  },
  async run(
    { client, words: [to = "", text = ""], json, texts, signal, write },
  ) {
    const id = Number(to);
    const delivery = await client.send(id, text, { signal });
    const ms = Number(delivery.ms.toFixed(3));
    if (delivery.delivered) {
      const delivered = true;
      write(
        json
          ? jsonLine({ delivered, id, ms })
          : texts.delivered(id, delivery.ms.toFixed(1)),
      );
      return 0;
    }
    const { delivered, reason, why } = delivery;
    write(
      json
        ? jsonLine({ delivered, id, reason, why })
        : texts.notDelivered(id, visibleText(why)),
    );
    return 1;
  },
};

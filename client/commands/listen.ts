import { jsonLine, visibleText } from "../../terminal/mod.ts";
import { ConnectionError } from "../connection_error.ts";
import { describeMessage } from "../describe.ts";
import type { OneShot } from "./one_shot.ts";

/**
 * `listen [--count N]`: prints messages as they come. A message is confirmed
 * once its line is written, so that "delivered" holds for whoever reads them.
 */
export const listen: OneShot = {
  words: [],
  help: "print messages as they come; with --count N leave after N of them",
  async run({ client, json, count = Infinity, signal, write }) {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let received = 0;
    write(
      json ? jsonLine({ self: client.id }) : `Listening as number ${client.id}`,
    );
    client.receive((message) => {
      const { from, address, port, text } = message;
      try {
        write(
          json
            ? jsonLine({ from, address, port, text })
            : describeMessage(message),
        );
      } catch (error) {
        reject(error);
        throw error;
      }
      received++;
      if (received >= count) resolve(0);
    });
    client.closed.then(({ why }) =>
      reject(new ConnectionError(`Disconnected: ${visibleText(why)}`))
    );
    signal.addEventListener("abort", () => reject(signal.reason));
    return await promise;
  },
};

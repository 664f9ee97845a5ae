import { styleText } from "node:util";
import { formatEndpoint } from "../../protocol/mod.ts";
import { jsonLine, visibleText } from "../../terminal/mod.ts";
import { ConnectionError } from "../connection_error.ts";
import { clock, padTo, shorten } from "../describe.ts";
import type { Message } from "../inbox.ts";
import type { OneShot } from "./one_shot.ts";

/** The colours of senders, by their numbers. */
const COLOURS = [
  "cyan",
  "green",
  "yellow",
  "magenta",
  "blue",
  "red",
] as const;

/**
 * `listen [--count N]`: prints messages as they come. A message is confirmed
 * once its line is written, so that "delivered" holds for whoever reads them.
 */
export const listen: OneShot = {
  words: [],
  help: "print messages as they come; with --count N leave after N of them",
  async run({ client, json, texts, screen, colour, count, signal, write }) {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let received = 0;
    write(json ? jsonLine({ self: client.id }) : texts.listening(client.id));
    client.receive((message) => {
      const { from, address, port, text } = message;
      try {
        write(
          json
            ? jsonLine({ from, address, port, text })
            : describe(message, screen, colour),
        );
      } catch (error) {
        reject(error);
        throw error;
      }
      received++;
      if (received === count) resolve(0);
    });
    client.closed.then(({ why }) =>
      reject(new ConnectionError(`Disconnected: ${visibleText(why)}`))
    );
    signal.addEventListener("abort", () => reject(signal.reason));
    return await promise;
  },
};

/** A message in columns: when, from whom, from where, what. */
function describe(
  message: Message,
  screen: boolean,
  colour: boolean,
): string {
  const { from, address, port, text } = message;
  const sender = String(from).padStart(5);
  const paint = COLOURS[from % COLOURS.length]!;
  return [
    clock(new Date()),
    screen && colour
      ? styleText(paint, sender, { validateStream: false })
      : sender,
    padTo(formatEndpoint(address, port), 21),
    screen ? shorten(visibleText(text)) : visibleText(text),
  ].join("  ");
}

import { styleText } from "node:util";
import { formatEndpoint } from "../../protocol/mod.ts";
import { jsonLine, visibleText } from "../../terminal/mod.ts";
import type { Client } from "../client.ts";
import type { Closing } from "../closing.ts";
import { clock, padTo, shorten } from "../describe.ts";
import { disconnectedError } from "../disconnected_error.ts";
import type { Message } from "../inbox.ts";
import type { OneShot, OneShotContext } from "./one_shot.ts";

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
 * `listen [--count N] [--reconnect]`: prints messages as they come. A message is
 * confirmed once its line is written, so that "delivered" holds for whoever
 * reads them.
 */
export const listen: OneShot = {
  words: [],
  help: "print messages as they come; with --count N leave after N of them",
  async run(context) {
    const { client, json, texts, reconnect, write } = context;
    const print = printer(context);
    const sayWho = ({ id }: Client) =>
      write(json ? jsonLine({ self: id }) : texts.listening(id));
    sayWho(client);
    let closing = await hear(client, print, context.signal);
    while (closing !== undefined) {
      if (reconnect === undefined) throw disconnectedError(closing);
      await using next = await reconnect(closing);
      // People have been told.
      if (json) sayWho(next);
      closing = await hear(next, print, context.signal);
    }
    return 0;
  },
};

/** Prints a message, and says whether it was the last that is wanted. */
type Printer = (message: Message) => boolean;

function printer(
  { json, screen, colour, count, write }: OneShotContext,
): Printer {
  let received = 0;
  return (message) => {
    if (received === count) throw new Error("that program listens no longer");
    const { from, address, port, text } = message;
    write(
      json
        ? jsonLine({ from, address, port, text })
        : describe(message, screen, colour),
    );
    return ++received === count;
  };
}

/**
 * Prints what comes until the connection is closed, and resolves to how; or
 * until it was the last that is wanted.
 */
async function hear(
  client: Client,
  print: Printer,
  signal: AbortSignal,
): Promise<Closing | undefined> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<
    Closing | undefined
  >();
  client.receive((message) => {
    try {
      if (print(message)) resolve(undefined);
    } catch (error) {
      reject(error);
      throw error;
    }
  });
  client.closed.then(resolve);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  return await promise.finally(() =>
    signal.removeEventListener("abort", abort)
  );
}

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

import type { Texts } from "./texts.ts";

/** English. */
export const en: Texts = {
  setup: (clients, count, choices) =>
    `${clients} real clients are connected to one server and stand at the ` +
    `question of menu choice 8, how many requests. At the same moment all are ` +
    `given the answer, ${count}. It was done in ${choices.length} rounds with ` +
    `new clients each: they made the choice ${
      choices.map(times).join(", then ")
    }.`,
  roundHeading: (choices) =>
    choices === 1 ? "Each client once" : `Each client ${times(choices)}`,
  clientTitle: (id) => `client ${id}`,
  head: ["client", "begun (ms)", "done (ms)", "answers", "reads", "in the log"],
  caption: "Times count from the moment the first client was told to begin. " +
    "“In the log” are the answers to this client in the server's log.",
  ofAll: (received, sent) => `${received} of ${sent}`,
  moment: (lastBegunMs, firstDoneMs) =>
    lastBegunMs < firstDoneMs
      ? `The last client was told to begin after ${
        lastBegunMs.toFixed(1)
      } ms, ` +
        `and the first was done only after ${firstDoneMs.toFixed(1)} ms: in ` +
        `between all of them were at work.`
      : `The last client was told to begin after ${
        lastBegunMs.toFixed(1)
      } ms, ` +
        `when the first was done already (after ${
          firstDoneMs.toFixed(1)
        } ms): ` +
        `they were not all at work at once.`,
  order: (served, switches, clients) => {
    const went = switches >= clients
      ? "it went on to others before it was done with one"
      : "this time it was done with each before it came to the next";
    return `The server answered in this order (client × answers): ${served}. ` +
      `That is ${switches} changes from one client to another, where ` +
      `${clients - 1} would do one by one; ${went}.`;
  },
  server: "server's log, the first line of each turn",
  claims: {
    "all-answered": (clients, count) =>
      `Each of the ${clients} clients got ${count} answers to ${count} ` +
      `requests, every time`,
    "log-agrees": () => "The server's log has as many answers for each of them",
    "same-moment": () =>
      "All clients had begun before the first of them was done",
    "interleaved": () =>
      "The server answered one client before it was done with another",
  },
};

function times(number: number): string {
  return number === 1 ? "once" : `${number} times in a row`;
}

import type { Block } from "../document/document.ts";
import type { Language } from "../language.ts";
import { sum } from "../requests/sum.ts";
import { en } from "./en.ts";
import { firstDone, judgeCrowd, lastBegun, switches } from "./judge.ts";
import type {
  CrowdClient,
  CrowdObservation,
  CrowdRound,
  Served,
} from "./observation.ts";
import type { Texts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };

/** So many turns of the server's log are shown. */
const SHOWN_TURNS = 6;

/** Tells what was seen of several clients at the same moment. */
export function describeCrowd(
  observation: CrowdObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const { count, rounds, command } = observation;
  const clients = rounds[0]?.clients.length ?? 0;
  const choices = rounds.map((round) => round.choices);
  return [
    { kind: "paragraph", text: texts.setup(clients, count, choices) },
    ...rounds.flatMap((round, i) => [
      {
        kind: "heading" as const,
        level: 3 as const,
        text: texts.roundHeading(round.choices),
      },
      // One round is enough to see what screens and log are like.
      ...i === 0 ? [screensOf(round.clients, texts)] : [],
      ...told(round, texts),
      ...i === 0 ? [logOf(round.served, command, texts)] : [],
    ]),
    {
      kind: "findings",
      findings: judgeCrowd(observation).map(({ claim, holds }) => ({
        claim: texts.claims[claim](clients, count),
        holds,
      })),
    },
  ];
}

function told(round: CrowdRound, texts: Texts): Block[] {
  const { clients, served } = round;
  const order = served.map(({ id, answers }) => `#${id} × ${answers}`);
  return [
    {
      kind: "table",
      head: texts.head,
      rows: clients.map(({ id, measured, logged, begunMs, doneMs }) => [
        `#${id}`,
        begunMs.toFixed(1),
        doneMs.toFixed(1),
        texts.ofAll(
          sum(measured.map(({ received }) => received)),
          sum(measured.map(({ sent }) => sent)),
        ),
        `${sum(measured.map(({ reads }) => reads))}`,
        `${logged}`,
      ]),
      figures: [1, 2, 3, 4, 5],
      caption: texts.caption,
    },
    {
      kind: "paragraph",
      text: texts.moment(lastBegun(round), firstDone(round)),
    },
    {
      kind: "paragraph",
      text: texts.order(order.join(", "), switches(round), clients.length),
    },
  ];
}

function screensOf(clients: readonly CrowdClient[], texts: Texts): Block {
  return {
    kind: "screens",
    screens: clients.map(({ id, screen }) => ({
      title: texts.clientTitle(id),
      text: screen,
    })),
  };
}

/** The first turns of the server's log: the first line of each. */
function logOf(
  served: readonly Served[],
  command: string,
  texts: Texts,
): Block {
  const shown = served.slice(0, SHOWN_TURNS);
  const rest = sum(served.slice(SHOWN_TURNS).map(({ answers }) => answers));
  const lines = shown.flatMap(({ line, answers }) =>
    answers === 1 ? [line] : [line, `[… ${answers - 1} …]`]
  );
  if (rest > 0) lines.push(`[… ${rest} …]`);
  return {
    kind: "console",
    where: texts.server,
    command,
    output: lines.join("\n"),
  };
}

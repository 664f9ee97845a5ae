import type { Block } from "../document/document.ts";
import type { Language } from "../language.ts";
import { obstacleText } from "../obstacle_text.ts";
import { en } from "./en.ts";
import { seconds } from "./in_words.ts";
import { judgeCable } from "./judge.ts";
import type { CableObservation, Command, Look, Moment } from "./observation.ts";
import type { CableTexts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, CableTexts>> = { en, zh };

/** The moments at which both machines' sockets are shown as `ss` prints them. */
const SHOWN: readonly Moment[] = ["connected", "pulled", "quit", "waited"];

/** Tells what was seen of a cable that was pulled. */
export function describeCable(
  observation: CableObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const claims = texts.claims(observation);
  return [
    { kind: "paragraph", text: texts.setup(observation) },
    { kind: "paragraph", text: texts.shortened(observation) },
    ...withoutHeartbeats(observation, texts, language),
    ...pluggedIn(observation, texts),
    ...withHeartbeats(observation, texts),
    { kind: "heading", level: 3, text: texts.questionsHeading },
    ...texts.answers(observation).map((answer): Block => ({
      kind: "answer",
      ...answer,
    })),
    {
      kind: "findings",
      findings: judgeCable(observation).map(({ claim, holds }) => ({
        claim: claims[claim],
        holds,
      })),
    },
  ];
}

function withoutHeartbeats(
  observation: CableObservation,
  texts: CableTexts,
  language: Language,
): Block[] {
  const { looks, wire, listAtLast, send, quit } = observation.without;
  return [
    { kind: "heading", level: 3, text: texts.withoutHeading },
    { kind: "items", numbered: true, items: texts.withoutSteps(observation) },
    statesTable(looks, texts),
    { kind: "paragraph", text: texts.states(observation) },
    ...looks.filter(({ moment }) => SHOWN.includes(moment))
      .flatMap(({ moment, server, clients }) => [
        asked(texts.lookAt(texts.serverMachine, texts.moments[moment]), server),
        asked(
          texts.lookAt(texts.clientMachine, texts.moments[moment]),
          clients,
        ),
      ]),
    wire.kind === "captured"
      ? { kind: "paragraph", text: texts.wire(observation, wire.files) }
      : { kind: "not-run", ...obstacleText(wire, language) },
    { kind: "paragraph", text: texts.whileOut },
    asked(texts.serverMachine, listAtLast),
    asked(texts.serverMachine, send),
    {
      kind: "screens",
      screens: [{ title: texts.clientMachine, text: quit.screen }],
    },
  ];
}

function statesTable(looks: readonly Look[], texts: CableTexts): Block {
  return {
    kind: "table",
    head: texts.statesHead,
    rows: looks.map(({ moment, outMs, quitter, stayer }) => [
      outMs === undefined ? texts.cableIn : seconds(Math.round(outMs)),
      texts.moments[moment],
      quitter.server,
      quitter.client,
      stayer.server,
      stayer.client,
    ]),
    figures: [0],
    caption: texts.statesCaption,
  };
}

function pluggedIn(observation: CableObservation, texts: CableTexts): Block[] {
  const { listAnew, sendToQuitter, listAfter } = observation.without;
  return [
    { kind: "heading", level: 3, text: texts.pluggedHeading },
    { kind: "paragraph", text: texts.plugged(observation) },
    ...[listAnew, sendToQuitter, listAfter].map((command) =>
      asked(texts.clientMachine, command)
    ),
    { kind: "paragraph", text: texts.late(observation) },
  ];
}

function withHeartbeats(
  observation: CableObservation,
  texts: CableTexts,
): Block[] {
  const { log, screen, send, list } = observation.with;
  return [
    { kind: "heading", level: 3, text: texts.withHeading },
    { kind: "paragraph", text: texts.withSetup(observation) },
    {
      kind: "screens",
      screens: [
        { title: texts.serverLog, text: log },
        { title: texts.clientScreen, text: screen },
      ],
    },
    asked(texts.serverMachine, send),
    asked(texts.serverMachine, list),
    { kind: "paragraph", text: texts.withOutcome(observation) },
  ];
}

/** A command and its output, and on which machine that was. */
function asked(where: string, { command, output }: Command): Block {
  return { kind: "console", where, command, output };
}

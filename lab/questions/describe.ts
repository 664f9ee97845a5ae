import type { Block } from "../document/document.ts";
import type { Finding } from "../experiment.ts";
import type { Language } from "../language.ts";
import { figure } from "../figure.ts";
import type { Socket, SocketEnd, Sockets } from "../sockets.ts";
import { en } from "./en.ts";
import { JUDGES, type Question, type QuestionsClaim } from "./judge.ts";
import { kernelPatience } from "./kernel_patience.ts";
import type { QuestionsObservation } from "./observation.ts";
import type { Texts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };

/** Answers the lab's questions, each with what was measured. */
export function describeQuestions(
  observation: QuestionsObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const { answers } = texts;
  const { localPort, beforeAccept, segments } = observation;
  const { tellingApart, timeWait, silentClient } = observation;
  /** A question, its answer, its evidence, and what was found. */
  const told = (
    question: Question,
    findings: Finding<QuestionsClaim>[],
    answer: () => string,
    evidence: Block[],
  ): Block[] => [
    {
      kind: "answer",
      question: texts.questions[question],
      answer: findings.every(({ holds }) => holds)
        ? answer()
        : texts.unexpected,
    },
    ...evidence,
    {
      kind: "findings",
      findings: findings.map(({ claim, holds }) => ({
        claim: texts.claims[claim],
        holds,
      })),
    },
  ];
  return [
    ...told(
      "localPort",
      JUDGES.localPort(localPort),
      () => answers.localPort(localPort),
      aboutLocalPort(localPort, texts),
    ),
    ...told(
      "beforeAccept",
      JUDGES.beforeAccept(beforeAccept),
      () => answers.beforeAccept(beforeAccept),
      aboutBeforeAccept(beforeAccept, texts),
    ),
    ...told(
      "segments",
      JUDGES.segments(segments),
      () => answers.segments(segments),
      aboutSegments(segments, texts),
    ),
    ...told(
      "tellingApart",
      JUDGES.tellingApart(tellingApart),
      () => answers.tellingApart(tellingApart),
      aboutTellingApart(tellingApart, texts),
    ),
    ...told(
      "timeWait",
      JUDGES.timeWait(timeWait),
      () => answers.timeWait(timeWait),
      aboutTimeWait(timeWait, texts),
    ),
    ...told(
      "silentClient",
      JUDGES.silentClient(silentClient),
      () =>
        answers.silentClient(
          silentClient,
          kernelPatience(silentClient.settings),
        ),
      aboutSilentClient(silentClient, texts),
    ),
  ];
}

function aboutLocalPort(
  { command, log, ports, setting }: QuestionsObservation["localPort"],
  texts: Texts,
): Block[] {
  return [
    {
      kind: "screens",
      screens: [{ title: texts.logOf(ports.length, command), text: log }],
    },
    { kind: "console", ...setting },
  ];
}

function aboutBeforeAccept(
  { before, after }: QuestionsObservation["beforeAccept"],
  texts: Texts,
): Block[] {
  return [
    shown(texts.beforeAccept, before),
    shown(texts.afterAccept, after),
  ];
}

function aboutSegments(
  { sendings, counted, readSize, mtu }: QuestionsObservation["segments"],
  texts: Texts,
): Block[] {
  return [
    {
      kind: "table",
      head: texts.segmentsHead,
      rows: sendings.map(({ way, bytes, writes, segments, mss, reads }) => [
        texts.ways[way],
        ...[writes, bytes, segments, mss, reads].map(figure),
      ]),
      figures: [1, 2, 3, 4, 5],
      caption: texts.segmentsCaption,
    },
    { kind: "items", items: texts.segmentsWhy(readSize, Number(mtu.output)) },
    {
      kind: "console",
      where: texts.sender(texts.ways[sendings.at(-1)!.way]),
      ...counted,
    },
    { kind: "console", ...mtu },
  ];
}

function aboutTellingApart(
  { port, seen, list, listed }: QuestionsObservation["tellingApart"],
  texts: Texts,
): Block[] {
  const numbers = new Map(
    Object.entries(listed).map(([id, port]) => [port, id]),
  );
  const rows = seen.sockets
    .filter(({ state, local }) => state === "ESTAB" && local.port === port)
    .map(({ local, peer }): [string, string, string] => [
      numbers.get(peer.port) ?? "–",
      endpoint(peer),
      endpoint(local),
    ])
    .toSorted(([a], [b]) => Number(a) - Number(b));
  return [
    {
      kind: "table",
      head: texts.endsHead,
      rows,
      figures: [0],
      caption: texts.endsCaption,
    },
    shown(undefined, seen),
    { kind: "console", ...list },
  ];
}

function aboutTimeWait(
  { closed, restart }: QuestionsObservation["timeWait"],
  texts: Texts,
): Block[] {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return [
    {
      kind: "table",
      head: texts.waitsHead,
      rows: closed.map(({ first, left, looks, goneMs }) => {
        const waiting = left.sockets.find(isTimeWait);
        const last = looks.at(-1);
        return [
          texts.sides[first],
          waiting === undefined ? "–" : endpoint(waiting.local),
          waiting === undefined ? "–" : endpoint(waiting.peer),
          last === undefined ? "–" : seconds(last.ms),
          goneMs === undefined ? texts.notGone : seconds(goneMs),
        ];
      }),
      figures: [3, 4],
      caption: texts.waitsCaption,
    },
    ...closed.map(({ first, left }) => shown(texts.closedFirst[first], left)),
    {
      kind: "console",
      where: texts.restart,
      command: restart.command,
      output: restart.output,
    },
    shown(texts.restartSockets, restart.seen),
  ];
}

function aboutSilentClient(
  seen: QuestionsObservation["silentClient"],
  texts: Texts,
): Block[] {
  const { printed, help, frozen, command, log, settings } = seen;
  return [
    {
      kind: "screens",
      screens: [{ title: texts.silentLog(command), text: log }],
    },
    shown(texts.frozen, frozen),
    { kind: "console", ...printed },
    { kind: "console", ...help },
    {
      kind: "table",
      head: texts.patienceHead,
      rows: texts.patience(seen, kernelPatience(settings)),
      caption: texts.patienceCaption,
    },
  ];
}

function isTimeWait({ state }: Socket): boolean {
  return state === "TIME-WAIT";
}

function shown(
  where: string | undefined,
  { command, output }: Sockets,
): Block {
  return { kind: "console", ...(where && { where }), command, output };
}

function endpoint({ address, port }: SocketEnd): string {
  return `\`${address}:${port}\``;
}

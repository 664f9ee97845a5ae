import type { Block } from "../document/document.ts";
import type { Obstacle } from "../experiment.ts";
import type { Language } from "../language.ts";
import { obstacleText } from "../obstacle_text.ts";
import type { Sockets } from "../sockets.ts";
import { en } from "./en.ts";
import { figure } from "../figure.ts";
import {
  type DataSegments,
  judgeRequests,
  lost,
  segmentsCounted,
  segmentsOnWire,
} from "./judge.ts";
import { READ_SIZE } from "./naive_reader.ts";
import type { RequestsObservation } from "./observation.ts";
import { sum } from "./sum.ts";
import type { Texts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, Texts>> = { en, zh };

/** Tells what was seen of many requests at once. */
export function describeRequests(
  observation: RequestsObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const { count, rounds } = observation;
  return [
    ...answers(observation, texts),
    ...packets(observation, language),
    ...naive(observation, texts),
    {
      kind: "findings",
      findings: judgeRequests(observation).map(({ claim, holds }) => ({
        claim: texts.claims[claim](count, rounds.length),
        holds,
      })),
    },
  ];
}

function answers(
  { count, rounds, logged, screen, log }: RequestsObservation,
  texts: Texts,
): Block[] {
  const received = sum(rounds.map(({ measured }) => measured.received));
  const sent = sum(rounds.map(({ measured }) => measured.sent));
  return [
    { kind: "heading", level: 3, text: texts.answersHeading },
    { kind: "paragraph", text: texts.setup(count, rounds.length) },
    {
      kind: "screens",
      screens: [
        { title: texts.clientTitle, text: screen },
        { title: texts.serverTitle, text: log },
      ],
    },
    { kind: "paragraph", text: texts.answers(received, sent, logged) },
  ];
}

function packets(
  { count, rounds, capture, counters }: RequestsObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const notRun = (obstacle: Obstacle): Block => ({
    kind: "not-run",
    ...obstacleText(obstacle, language),
  });
  const source = capture.kind === "captured"
    ? "wire"
    : counters.kind === "counted"
    ? "kernel"
    : "none";
  const segments: (DataSegments | undefined)[] = rounds.map((round) =>
    segmentsOnWire(round) ?? segmentsCounted(round)
  );
  const shown = (number: number | undefined) =>
    number === undefined ? "–" : figure(number);
  const blocks: Block[] = [
    { kind: "heading", level: 3, text: texts.packetsHeading },
    capture.kind === "captured"
      ? {
        kind: "paragraph",
        text: texts.captured(capture.command, capture.file),
      }
      : notRun(capture),
    {
      kind: "table",
      head: texts.roundsHead,
      rows: rounds.map(({ measured }, i) => [
        `${i + 1}`,
        figure(measured.received),
        figure(measured.sent + measured.received),
        shown(segments[i]?.out),
        shown(segments[i]?.in),
        shown(segments[i]?.all),
        figure(measured.reads),
        measured.ms.toFixed(1),
      ]),
      figures: [0, 1, 2, 3, 4, 5, 6, 7],
      caption: texts.roundsCaption(source, count),
    },
  ];
  const known = segments.filter((each) => each !== undefined);
  if (known.length === rounds.length) {
    const data = sum(known.map((each) => each.out + each.in));
    blocks.push({
      kind: "paragraph",
      text: texts.packets(
        sum(rounds.map(({ measured }) => measured.sent + measured.received)),
        data,
        sum(known.map(({ all }) => all)) - data,
        sum(rounds.map(({ measured }) => measured.reads)),
      ),
    });
  }
  const first = rounds[0]?.wire;
  if (first !== undefined) {
    blocks.push({
      kind: "table",
      head: texts.segmentsHead,
      rows: first.map(({ number, ms, fromClient, bytes, frames }) => [
        `${number}`,
        ms.toFixed(3),
        fromClient ? texts.fromClient : texts.fromServer,
        figure(bytes),
        bytes === 0 ? texts.acknowledgement : texts.frames(frames, fromClient),
      ]),
      figures: [0, 1, 3],
      caption: texts.segmentsCaption,
    });
  }
  if (counters.kind === "counted") {
    const counted = rounds[0] && segmentsCounted(rounds[0]);
    blocks.push(
      {
        kind: "paragraph",
        text: texts.counters(shown(counted?.out), shown(counted?.in)),
      },
      printed(texts.before, counters.before),
      printed(texts.after, counters.after),
    );
  } else {
    blocks.push(notRun(counters));
  }
  return blocks;
}

function naive({ count, naive }: RequestsObservation, texts: Texts): Block[] {
  const waiting = naive.filter(({ writes }) => writes === "waiting");
  const hurried = naive.filter(({ writes }) => writes !== "waiting");
  const seen = hurried.map((reading) => reading.seen);
  return [
    { kind: "heading", level: 3, text: texts.naiveHeading },
    { kind: "paragraph", text: texts.naive(READ_SIZE, count) },
    {
      kind: "table",
      head: texts.naiveHead,
      rows: naive.map((reading, i) => {
        const { writes, reads, seen, garbled, came } = reading;
        const before = naive.slice(0, i + 1);
        const run = before.filter((other) => other.writes === writes).length;
        return [
          texts.writes[writes],
          `${run}`,
          repeats(reads),
          figure(seen),
          figure(lost(reading)),
          figure(garbled),
          figure(came),
        ];
      }),
      figures: [1, 3, 4, 5, 6],
      caption: texts.naiveCaption(count),
    },
    {
      kind: "paragraph",
      text: texts.naiveLost(
        count,
        { min: Math.min(...seen), max: Math.max(...seen) },
        hurried.filter((reading) => lost(reading) > 0).length,
        hurried.length,
      ),
    },
    {
      kind: "paragraph",
      text: texts.naiveWaiting(sum(waiting.map(lost)), waiting.length),
    },
  ];
}

function printed(where: string, { command, output }: Sockets): Block {
  return { kind: "console", where, command, output };
}

/** Figures in a row, with what is repeated said once: `928 + 29 × 3`. */
function repeats(numbers: readonly number[]): string {
  const runs: { number: number; times: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.number === number) last.times++;
    else runs.push({ number, times: 1 });
  }
  return runs.map(({ number, times }) =>
    times === 1 ? figure(number) : `${figure(number)} × ${times}`
  ).join(" + ");
}

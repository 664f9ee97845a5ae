import type { Block, Document } from "../document/document.ts";
import type { Language } from "../language.ts";
import { obstacleText } from "../obstacle_text.ts";
import { describeProtocol } from "../protocol/describe.ts";
import { en as protocolEn } from "../protocol/en.ts";
import { zh as protocolZh } from "../protocol/zh.ts";
import type { Result } from "../run_experiments.ts";
import { en } from "./en.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ReportTexts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, ReportTexts>> = { en, zh };
const PROTOCOL_TITLES = { en: protocolEn.title, zh: protocolZh.title };

/**
 * Makes the report of all that was run: the protocol first, then a chapter for
 * each experiment, in the order of `results`.
 */
export function makeReport(
  results: readonly Result[],
  made: Surroundings,
  language: Language,
): Document {
  const texts = TEXTS[language];
  return {
    language,
    title: texts.title,
    subtitle: texts.subtitle,
    facts: texts.facts(made, dateOf(made.startedMs)),
    blocks: [
      chapter("protocol", PROTOCOL_TITLES[language]),
      ...describeProtocol(language),
      ...results.flatMap((result) => [
        chapter(result.experiment.name, result.experiment.titles[language]),
        ...describeResult(result, language, texts),
      ]),
      chapter("again", texts.again.title),
      { kind: "paragraph", text: texts.again.intro },
      { kind: "table", head: texts.again.head, rows: texts.again.commands },
    ],
  };
}

function chapter(id: string, text: string): Block {
  return { kind: "heading", level: 2, id, text };
}

function describeResult(
  { experiment, outcome }: Result,
  language: Language,
  texts: ReportTexts,
): Block[] {
  switch (outcome.kind) {
    case "observed":
      return experiment.describe(outcome.observation, language);
    case "not-run":
      return [{
        kind: "not-run",
        ...obstacleText(outcome.obstacle, language),
      }];
    case "failed":
      return [{ kind: "not-run", ...texts.failed(outcome.message) }];
  }
}

/** A date and time as this machine's clock has it, with its offset. */
function dateOf(ms: number): string {
  const date = new Date(ms);
  const offset = -date.getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString();
  const two = (value: number) => `${value}`.padStart(2, "0");
  const hours = two(Math.floor(Math.abs(offset) / 60));
  const minutes = two(Math.abs(offset) % 60);
  const sign = offset < 0 ? "-" : "+";
  return `${local.slice(0, 16).replace("T", " ")} ${sign}${hours}:${minutes}`;
}

import { TcpFlag } from "../../capture/tcp_packet.ts";
import { Command, COMMAND_OFFSET } from "../../protocol/mod.ts";
import type { Block } from "../document/document.ts";
import type { Language } from "../language.ts";
import { exchangePicture } from "../pictures/exchange_picture.ts";
import { framePicture } from "../pictures/frame_picture.ts";
import type { SharkOutput } from "../shark.ts";
import type {
  FunctionName,
  FunctionsObservation,
  ObservedFunction,
  ObservedPacket,
  Party,
} from "./observation.ts";
import { en } from "./en.ts";
import { judgeFunctions } from "./judge.ts";
import type { FunctionsTexts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, FunctionsTexts>> = { en, zh };

/** The parties, in the order in which they stand beside each other. */
const PARTIES: readonly Party[] = ["a", "server", "b"];

/** Of three screens the first has a row for itself: the log's lines are long. */
const SCREENS: readonly Party[] = ["server", "a", "b"];

/** These fetch the list first, as a section of its own shows. */
const LIST_FIRST: readonly FunctionName[] = ["send", "receive", "refused"];

/** The commands whose frames are drawn where not all are: others were before. */
const DRAWN: Partial<Record<FunctionName, readonly Command[]>> = {
  list: [Command.list],
  send: [Command.send, Command.message],
  receive: [Command.message],
  refused: [Command.send],
  quit: [],
};

/** Tells what came on the screens and what was on the wire, function by function. */
export function describeFunctions(
  observation: FunctionsObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const blocks: Block[] = [
    { kind: "paragraph", text: texts.intro(observation.captures) },
  ];
  if (observation.shark === undefined) {
    blocks.push({ kind: "not-run", ...texts.noShark });
  }
  for (const observed of observation.functions) {
    blocks.push(...describeFunction(observed, observation, language));
  }
  blocks.push({
    kind: "findings",
    findings: judgeFunctions(observation).map(({ claim, holds }) => ({
      claim: texts.claims[claim],
      holds,
    })),
  });
  return blocks;
}

function describeFunction(
  { name, screens, packets }: ObservedFunction,
  { captures, shark }: FunctionsObservation,
  language: Language,
): Block[] {
  const texts = TEXTS[language];
  const [first, last] = [packets[0]!.number, packets.at(-1)!.number];
  const drawn = packets.flatMap(({ from, to, frames }) =>
    frames.map((hex) => ({ from, to, frame: Uint8Array.fromHex(hex) }))
  ).filter(({ frame }) =>
    DRAWN[name]?.some((command) => command === frame[COMMAND_OFFSET + 1]) ??
      true
  );
  const blocks: Block[] = [
    { kind: "heading", level: 3, text: texts.names[name] },
    { kind: "paragraph", text: texts.explanations[name] },
    {
      kind: "screens",
      screens: SCREENS.filter((party) => screens[party].trim() !== "")
        .map((party) => ({
          title: texts.parties[party],
          text: screens[party].replace(/^\n+|\n+$/g, ""),
        })),
    },
    exchange(name, packets, texts, language),
    ...drawn.map(({ from, to, frame }, i): Block => {
      const picture = {
        frame,
        from: texts.parties[from],
        to: texts.parties[to],
      };
      return {
        kind: "picture",
        name: `${name}-${i + 1}`,
        svg: framePicture({ ...picture, language }),
        alt: `${picture.from} → ${picture.to}: ${frame.toHex()}`,
      };
    }),
  ];
  const note = texts.packets(first, last, captures.server);
  const before = LIST_FIRST.includes(name)
    ? texts.drawnBefore(texts.names.list)
    : "";
  blocks.push({ kind: "paragraph", text: note + before });
  if (shark !== undefined) {
    blocks.push(inWireshark(shark, first, last, texts));
  }
  return blocks;
}

/** The packets as arrows between those who take part in this function. */
function exchange(
  name: FunctionName,
  packets: readonly ObservedPacket[],
  texts: FunctionsTexts,
  language: Language,
): Block {
  const parties = PARTIES.filter((party) =>
    packets.some(({ from, to }) => from === party || to === party)
  );
  const title = texts.names[name];
  return {
    kind: "picture",
    name: `${name}-exchange`,
    svg: exchangePicture({
      title,
      parties: parties.map((party) => texts.parties[party]),
      steps: packets.map(({ ms, from, to, flags, frames }) => ({
        ms,
        from: parties.indexOf(from),
        to: parties.indexOf(to),
        ...(frames.length === 0
          ? { label: flagNames(flags) }
          : { frames: frames.map((hex) => Uint8Array.fromHex(hex)) }),
      })),
      language,
    }),
    alt: packets.map(({ from, to }) =>
      `${texts.parties[from]} → ${texts.parties[to]}`
    ).join("; "),
  };
}

function flagNames(flags: number): string {
  return Object.entries(TcpFlag).filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name.toUpperCase()).join(", ");
}

/** The lines of tshark for some packets; each begins with its number. */
function inWireshark(
  { command, output }: SharkOutput,
  first: number,
  last: number,
  { inWireshark: where }: FunctionsTexts,
): Block {
  const lines = output.split("\n").filter((line) => {
    const number = Number.parseInt(line);
    return number >= first && number <= last;
  });
  const range = `-Y 'frame.number in {${first}..${last}}'`;
  return {
    kind: "console",
    where,
    command: `${command} ${range}`,
    output: lines.join("\n"),
  };
}

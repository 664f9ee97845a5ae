import type { Lab } from "../experiment.ts";
import { MeasuringMenu } from "../requests/measuring_menu.ts";
import type { RunningServer } from "../../tools/programs.ts";
import type { CrowdObservation, CrowdRound, Served } from "./observation.ts";

/** As many as the lab asks for. */
const COUNT = 100;
const CLIENTS = 5;
/** How often each client makes the choice, in each round. */
const ROUNDS = [1, 5];

/**
 * Has several real clients send 100 requests each at the same moment: all stand
 * at the menu's question how many, and are given the answer together.
 */
export async function observeCrowd(lab: Lab): Promise<CrowdObservation> {
  const flags = ["--name", "lab", "--verbose", "--log", "json"];
  await using server = await lab.programs.startServer(...flags);
  const rounds: CrowdRound[] = [];
  for (const choices of ROUNDS) {
    rounds.push(await observeRound(lab, server, choices));
  }
  return {
    count: COUNT,
    command: ["parley-server", "--port", `${server.port}`, ...flags].join(" "),
    rounds,
  };
}

async function observeRound(
  { programs, language }: Lab,
  server: RunningServer,
  choices: number,
): Promise<CrowdRound> {
  await using stack = new AsyncDisposableStack();
  const options = { programs, language, port: server.port };
  const menus = await Promise.all(
    Array.from(
      { length: CLIENTS },
      async () => stack.use(await MeasuringMenu.connect(options)),
    ),
  );
  await Promise.all(menus.map((menu) => menu.choose()));

  const startMs = performance.now();
  const sinceStart = () => performance.now() - startMs;
  const seen = await Promise.all(menus.map(async (menu) => {
    const begunMs = sinceStart();
    await menu.begin(COUNT, choices);
    const measured = [];
    for (let i = 0; i < choices; i++) measured.push(await menu.result());
    const doneMs = sinceStart();
    return { id: menu.id, measured, screen: menu.screen, begunMs, doneMs };
  }));
  await Promise.all(menus.map((menu) => menu.quit()));
  // When all are gone from the log, all that was answered is in it.
  for (const _ of menus) await server.stderr.find(/"event":"left".*\n/);

  const ids = new Set(menus.map(({ id }) => id));
  const answers = server.stderr.lines.filter((line) => line.startsWith("{"))
    .map((line) => ({ line, ...JSON.parse(line) as Answered }))
    .filter(({ event, id }) => event === "answered" && ids.has(id));
  return {
    choices,
    clients: seen.map((client) => ({
      ...client,
      logged: answers.filter(({ id }) => id === client.id).length,
    })).toSorted((a, b) => a.id - b.id),
    served: inTurns(answers),
  };
}

/** A line of the server's log. */
interface Answered {
  readonly event: string;
  readonly id: number;
}

/** Puts together what stands one behind the other for the same client. */
function inTurns(
  answers: readonly { readonly id: number; readonly line: string }[],
): Served[] {
  const served: Served[] = [];
  for (const { id, line } of answers) {
    const last = served.at(-1);
    if (last?.id === id) {
      served[served.length - 1] = { ...last, answers: last.answers + 1 };
    } else served.push({ id, answers: 1, line });
  }
  return served;
}

import type { Lab } from "../experiment.ts";
import {
  type Socket,
  type Sockets,
  sockets,
  whyNoSockets,
} from "../sockets.ts";
import { allEnded, whyNoWire, Wire } from "../wire.ts";
import { MeasuringMenu } from "./measuring_menu.ts";
import { type NaiveReading, readNaively, type Writes } from "./naive_reader.ts";
import type {
  RequestsObservation,
  Round,
  SegmentCounts,
} from "./observation.ts";
import { roundsOnTheWire } from "./rounds_on_the_wire.ts";

/** As many as the lab asks for. */
const COUNT = 100;
/** How often the menu's choice is made. */
const ROUNDS = 5;
/** How often the naive reader tries each way to write. */
const NAIVE_RUNS = 5;
const CAPTURE = "requests.pcapng";

/**
 * Makes the menu's choice of 100 requests on real programs, several times; then
 * sends the same requests as one who takes a read for a packet.
 */
export async function observeRequests(
  { programs, language, captures }: Lab,
): Promise<RequestsObservation> {
  const noWire = await whyNoWire();
  const noSockets = await whyNoSockets();
  await using server = await programs.startServer("--name", "lab", "--verbose");
  const { port } = server;
  const file = `${captures}/${CAPTURE}`;
  await using wire = noWire === undefined
    ? await Wire.listen({ interface: "lo", port, file })
    : undefined;

  await using menu = await MeasuringMenu.connect({ programs, port, language });
  const [, clientPort] = await server.stderr
    .find(new RegExp(`#${menu.id} .*:(\\d+) connected.*\n`));
  const look = noSockets === undefined
    ? () =>
      sockets({
        filter: `sport = :${clientPort} and dport = :${port}`,
        info: true,
      })
    : undefined;
  const looks = [await look?.()];
  const rounds: Round[] = [];
  let screen = "";
  for (let i = 0; i < ROUNDS; i++) {
    await menu.choose();
    await menu.begin(COUNT);
    const measured = await menu.result();
    looks.push(await look?.());
    const kernel = segmentsBetween(looks.at(-2), looks.at(-1));
    rounds.push({ measured, ...(kernel && { kernel }) });
    if (i === 0) screen = menu.screen;
  }
  await menu.quit();
  await server.stderr.find(new RegExp(`#${menu.id} .* left .*\n`));
  const answered = new RegExp(`^.*#${menu.id} \\S+ time → .*\n`, "gm");
  const lines = server.stderr.text.match(answered) ?? [];
  const segments = await wire?.stop(allEnded);
  const wireRounds = segments && roundsOnTheWire(segments, {
    port,
    count: COUNT,
  });

  const naive: NaiveReading[] = [];
  for (const writes of ["waiting", "each", "one"] satisfies Writes[]) {
    for (let i = 0; i < NAIVE_RUNS; i++) {
      naive.push(await readNaively({ port, count: COUNT, writes }));
    }
  }
  const [before, after] = looks;
  return {
    count: COUNT,
    rounds: rounds.map((round, i) => ({
      ...round,
      ...(wireRounds && { wire: wireRounds[i] ?? [] }),
    })),
    logged: lines.length,
    screen,
    log: shortened(lines.slice(0, COUNT)),
    capture: noWire ??
      {
        kind: "captured",
        command: wire!.command.replace(file, CAPTURE),
        file: CAPTURE,
      },
    counters: noSockets ??
      { kind: "counted", before: before!, after: after! },
    naive,
  };
}

/** What a socket's counters have gone up by. */
function segmentsBetween(
  before: Sockets | undefined,
  after: Sockets | undefined,
): SegmentCounts | undefined {
  const was = infoOf(before?.sockets);
  const is = infoOf(after?.sockets);
  if (was === undefined || is === undefined) return undefined;
  return {
    out: is.segsOut - was.segsOut,
    dataOut: is.dataSegsOut - was.dataSegsOut,
    in: is.segsIn - was.segsIn,
    dataIn: is.dataSegsIn - was.dataSegsIn,
  };
}

function infoOf(rows: readonly Socket[] | undefined): Socket["info"] {
  return rows?.find(({ state }) => state === "ESTAB")?.info;
}

/** The first lines and the last. */
function shortened(lines: readonly string[]): string {
  if (lines.length < 4) return lines.join("");
  const left = lines.length - 3;
  return [...lines.slice(0, 2), `[… ${left} …]\n`, lines.at(-1)].join("")
    .trimEnd();
}

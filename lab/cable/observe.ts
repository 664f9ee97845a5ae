import type { CapturedSegment } from "../../capture/read_capture.ts";
import { TcpFlag } from "../../capture/tcp_packet.ts";
import { Command, COMMAND_OFFSET } from "../../protocol/mod.ts";
import type { Output } from "../../tools/output.ts";
import { pause } from "../../tools/pause.ts";
import type { Program } from "../../tools/program.ts";
import type { RunningServer } from "../../tools/programs.ts";
import type { Lab } from "../experiment.ts";
import type { Language } from "../language.ts";
import { whyNoWire, Wire } from "../wire.ts";
import { Machines } from "./machines.ts";
import type {
  CableObservation,
  ObservedWire,
  WithHeartbeats,
  WithoutHeartbeats,
} from "./observation.ts";

/** What is shortened by default, and what it is in full; times in seconds. */
const SHORT = {
  outS: 15,
  deliveryTimeoutS: 2,
  pingIntervalS: 1,
  pingTimeoutS: 1,
  // The kernel gives up some eight seconds after the goodbye. With 3 it may do so
  // as soon as the client closes, and nobody sees the state it would be in.
  orphanRetries: 4,
  lateS: 30,
};
const FULL: typeof SHORT = {
  outS: 600,
  deliveryTimeoutS: 5,
  pingIntervalS: 10,
  pingTimeoutS: 5,
  // 0 is Linux's own choice, which is 8: about 100 seconds.
  orphanRetries: 0,
  lateS: 130,
};

/** How often the sockets are looked at while nothing is done. */
const LOOKS = 8;

/** The message, and how it looks on a screen. */
const TEXT = "Is anybody there?";
const LATE = /.*Is anybody there\?/;

/** What the clients' screens say, in the report's language. */
const SCREENS: Readonly<
  Record<Language, { readonly connected: RegExp; readonly lost: RegExp }>
> = {
  en: {
    connected: /Connected to .* as number (\d+)/,
    lost: /\n(Disconnected.*)/,
  },
  zh: { connected: /已连接到 .*，编号 (\d+)/, lost: /\n(已断开.*)/ },
};

/** Nobody takes longer to find out that the other is gone, in milliseconds. */
const LONGEST_SILENCE_MS = 30_000;

/** Pulls the cable, with heartbeats off and on, and watches what that does. */
export async function observeCable(lab: Lab): Promise<CableObservation> {
  const times = lab.full ? FULL : SHORT;
  using machines = new Machines(lab.programs, lab.language);
  await machines.set("net/ipv4/tcp_orphan_retries", times.orphanRetries);
  return {
    full: lab.full,
    orphanRetries: times.orphanRetries,
    without: await withoutHeartbeats(machines, lab, times),
    with: await withHeartbeats(machines, lab.language, times),
  };
}

async function withoutHeartbeats(
  machines: Machines,
  { captures, language }: Lab,
  times: typeof SHORT,
): Promise<WithoutHeartbeats> {
  const never = ["--ping-interval", "0"];
  await using server = await machines.startServer(
    ...never,
    ...["--delivery-timeout", `${times.deliveryTimeoutS}`],
  );
  const files = {
    server: "cable-server.pcapng",
    clients: "cable-clients.pcapng",
  };
  const obstacle = await whyNoWire();
  await using stack = new AsyncDisposableStack();
  const listen = async (starter: readonly string[], file: string) =>
    stack.use(
      await Wire.listen({
        interface: machines.cable.device,
        port: server.port,
        file: `${captures}/${file}`,
        starter,
      }),
    );
  const wires = obstacle === undefined
    ? await Promise.all([
      listen(machines.cable.near, files.server),
      listen(machines.cable.far, files.clients),
    ])
    : undefined;

  await using quitter = machines.startClient(server, ...never);
  const quitterIs = await connect(quitter, server, 1, language);
  await using stayer = machines.startClient(server, ...never);
  const stayerIs = await connect(stayer, server, 2, language);
  const ports = { quitter: quitterIs.port, stayer: stayerIs.port };
  const looks = [await machines.look("connected", server, ports)];

  machines.pull();
  const pulledUs = Date.now() * 1000;
  looks.push(await machines.look("pulled", server, ports));
  const listAtFirst = await machines.list("server", server);
  const send = await machines.send("server", server, stayerIs.id, TEXT);
  looks.push(await machines.look("sent", server, ports));

  const quitMs = performance.now();
  await quitter.type("7\n");
  const { code, stdout } = await quitter.end();
  const quit = {
    exitCode: code,
    ms: performance.now() - quitMs,
    screen: stdout.slice(stdout.lastIndexOf("parley> ")).trimEnd(),
  };
  looks.push(await machines.look("quit", server, ports));
  const restMs = times.outS * 1000 - machines.outMs!;
  for (let i = 1; i <= LOOKS; i++) {
    await pause(restMs / LOOKS);
    const moment = i < LOOKS ? "waiting" : "waited";
    looks.push(await machines.look(moment, server, ports));
  }
  const listAtLast = await machines.list("server", server);

  const outMs = machines.outMs!;
  const pluggedUs = Date.now() * 1000;
  const pluggedMs = performance.now();
  await machines.plug(server);
  const listAnew = await machines.list("clients", server);
  looks.push(await machines.look("plugged", server, ports));
  const sendToQuitter = await machines.send(
    "clients",
    server,
    quitterIs.id,
    TEXT,
  );
  const listAfter = await machines.list("clients", server);
  looks.push(await machines.look("asked", server, ports));
  const late = await lateMessage(stayer, pluggedMs, times.lateS * 1000);

  const segments = wires &&
    await Promise.all(wires.map((wire) => wire.stop()));
  const onWire = (all: readonly CapturedSegment[]) =>
    tellTale(
      pulledUs,
      all.filter(({ timeUs }) => timeUs > pulledUs && timeUs < pluggedUs),
      all.filter(({ timeUs }) => timeUs >= pluggedUs),
      ports,
    );
  return {
    quitter: quitterIs,
    stayer: stayerIs,
    deliveryTimeoutMs: times.deliveryTimeoutS * 1000,
    outMs,
    looks,
    listAtFirst,
    listAtLast,
    send,
    quit,
    wire: segments === undefined ? obstacle! : {
      kind: "captured",
      server: onWire(segments[0]!),
      clients: onWire(segments[1]!),
      files,
    },
    listAnew,
    sendToQuitter,
    listAfter,
    ...(late && { late }),
  };
}

async function withHeartbeats(
  machines: Machines,
  language: Language,
  { pingIntervalS, pingTimeoutS }: typeof SHORT,
): Promise<WithHeartbeats> {
  const times = [
    ...["--ping-interval", `${pingIntervalS}`],
    ...["--ping-timeout", `${pingTimeoutS}`],
  ];
  await using server = await machines.startServer(...times);
  await using client = machines.startClient(server, ...times);
  const { id } = await connect(client, server, 1, language);

  machines.pull();
  const [send, gone, found] = await Promise.all([
    machines.send("server", server, id, TEXT),
    seen(server.stderr, new RegExp(`.*#${id} .*left.*`), machines),
    seen(client.stdout, SCREENS[language].lost, machines),
  ]);
  const list = await machines.list("server", server);
  await machines.plug(server);
  await client.type("1\n\n\n");
  const [, again] = await client.stdout.find(SCREENS[language].connected);
  return {
    id,
    pingIntervalMs: pingIntervalS * 1000,
    pingTimeoutMs: pingTimeoutS * 1000,
    goneMs: gone.ms,
    log: gone.line,
    send,
    list,
    clientMs: found.ms,
    screen: found.line,
    again: Number(again),
  };
}

/** Has a client connect from its menu, as the `id`th. */
async function connect(
  client: Program,
  server: RunningServer,
  id: number,
  language: Language,
): Promise<{ id: number; port: number }> {
  await client.type("1\n\n\n");
  const [, port] = await server.stderr.find(
    new RegExp(`#${id} \\S+:(\\d+) connected.*\n`),
  );
  await client.stdout.find(SCREENS[language].connected);
  return { id, port: Number(port) };
}

/** Waits for a line, and says how long the cable was out when it came. */
async function seen(
  output: Output,
  pattern: RegExp,
  machines: Machines,
): Promise<{ ms: number; line: string }> {
  const match = await patient(output, pattern, LONGEST_SILENCE_MS);
  if (match === undefined) throw new Error(`${pattern} did not come`);
  return { ms: machines.outMs!, line: (match[1] ?? match[0]).trim() };
}

/** The message of before, if the client that stayed shows it after all. */
async function lateMessage(
  client: Program,
  pluggedMs: number,
  withinMs: number,
): Promise<{ ms: number; line: string } | undefined> {
  const match = await patient(client.stdout, LATE, withinMs);
  if (match === undefined) return undefined;
  return { ms: performance.now() - pluggedMs, line: match[0] };
}

/** Waits for longer than an output is usually waited for. */
async function patient(
  output: Output,
  pattern: RegExp,
  withinMs: number,
): Promise<RegExpExecArray | undefined> {
  const startMs = performance.now();
  while (performance.now() - startMs < withinMs) {
    try {
      return await output.find(pattern);
    } catch {
      // Not yet.
    }
  }
  return undefined;
}

/** What tells how TCP has tried while the cable was out, and what ended it. */
function tellTale(
  pulledUs: number,
  out: readonly CapturedSegment[],
  plugged: readonly CapturedSegment[],
  ports: { readonly quitter: number; readonly stayer: number },
): ObservedWire {
  const fromQuitter = (flag: number) => ({ from, flags }: CapturedSegment) =>
    from.port === ports.quitter && (flags & flag) !== 0;
  const messages = out.filter(({ to, payload }) =>
    to.port === ports.stayer && payload[COMMAND_OFFSET + 1] === Command.message
  );
  const reset = plugged.find(fromQuitter(TcpFlag.rst))?.number;
  return {
    fins: out.filter(fromQuitter(TcpFlag.fin)).length,
    messagesMs: messages.map(({ timeUs }) =>
      Math.round((timeUs - pulledUs) / 1000)
    ),
    ...(reset !== undefined && { reset }),
  };
}

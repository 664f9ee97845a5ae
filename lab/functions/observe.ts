import { readCapture } from "../../capture/read_capture.ts";
import { TcpFlag } from "../../capture/tcp_packet.ts";
import {
  Command,
  COMMAND_OFFSET,
  FrameType,
  TYPE_OFFSET,
} from "../../protocol/mod.ts";
import type { Output } from "../../tools/output.ts";
import type { Program } from "../../tools/program.ts";
import type { Lab } from "../experiment.ts";
import { framesIn } from "../frames_in.ts";
import { shark } from "../shark.ts";
import type {
  FunctionName,
  FunctionsObservation,
  ObservedFunction,
  ObservedPacket,
  Party,
} from "./observation.ts";

/** The name that the server is given. */
const SERVER_NAME = "lab-pc";

/** A number that nobody has. */
const NOBODY = 99;

/** What a menu shows when it waits for a choice. */
const PROMPT = /parley> /;

/** The captures' file names. */
const CAPTURES: Readonly<Record<Party, string>> = {
  a: "functions-client-a.pcapng",
  server: "functions-server.pcapng",
  b: "functions-client-b.pcapng",
};

/**
 * Goes through every function with the real programs: a server, and two clients
 * at their menus, all of which capture. What each of them shows is kept.
 */
export async function observeFunctions(
  lab: Lab,
): Promise<FunctionsObservation> {
  const { programs, language } = lab;
  const capture = (party: Party) => [
    "--capture",
    `${lab.captures}/${CAPTURES[party]}`,
  ];
  await using server = await programs.startServer(
    ...["--name", SERVER_NAME, "--verbose", ...capture("server")],
  );
  const menu = (party: Party) =>
    programs.start(
      "client",
      ...["--server", `127.0.0.1:${server.port}`, "--lang", language],
      ...capture(party),
    );
  await using a = menu("a");
  await using b = menu("b");
  const screens = {
    a: new Screen([a.stdout, a.stderr]),
    server: new Screen([server.stdout, server.stderr]),
    b: new Screen([b.stdout, b.stderr]),
  };
  await Promise.all([a.stdout.find(PROMPT), b.stdout.find(PROMPT)]);
  screens.b.take();

  const parts: Part[] = [];
  /** Does something that begins with a packet, and cuts off what is shown. */
  const part = async (
    name: FunctionName | undefined,
    begins: Beginning,
    does: () => Promise<unknown>,
  ) => {
    await does();
    const shown = {
      a: screens.a.take(),
      server: screens.server.take(),
      b: screens.b.take(),
    };
    parts.push({ name, begins, screens: shown });
  };
  const logs = (pattern: RegExp) => server.stderr.find(pattern);
  /** Has a client connect; its port is what the server has seen. */
  const connect = async (client: Program, id: number) => {
    await choose(client, 1, "127.0.0.1", server.port);
    const [, port] = await logs(new RegExp(`#${id} .*:(\\d+) connected.*\n`));
    ports.set(Number(port), client === a ? "a" : "b");
  };
  const ports = new Map<number, Party>([[server.port, "server"]]);
  const exitCodes = { a: NaN, server: NaN, b: NaN };
  // The menu asks for the list before it asks whom to send to.
  const listOf = (from: Party) => ({ from, command: Command.list });

  await part("connect", { from: "a" }, () => connect(a, 1));
  await part(undefined, { from: "b" }, () => connect(b, 2));
  await part("time", { from: "a", command: Command.time }, async () => {
    await choose(a, 3);
    await logs(/#1 .* time .*\n/);
  });
  await part("name", { from: "a", command: Command.name }, async () => {
    await choose(a, 4);
    await logs(/#1 .* name .*\n/);
  });
  await part("list", listOf("a"), async () => {
    await choose(a, 5);
    await logs(/#1 .* list .*\n/);
  });
  await part("send", listOf("a"), async () => {
    await choose(a, 6, 2, "Hello, B!");
    await logs(/#1 .* send .*\n/);
    await b.stdout.find(PROMPT);
  });
  await part("receive", listOf("b"), async () => {
    await choose(b, 6, 1, "你好, A! 👋");
    await logs(/#2 .* send .*\n/);
    await a.stdout.find(PROMPT);
  });
  await part("refused", listOf("a"), async () => {
    await choose(a, 6, NOBODY, "Anybody?");
    await logs(/#1 .* send .*\n/);
  });
  await part(
    "disconnect",
    { from: "a", command: Command.goodbye },
    async () => {
      await choose(a, 2);
      await logs(/#1 .* left .*\n/);
    },
  );
  await part(undefined, { from: "a" }, () => connect(a, 3));
  await part("quit", { from: "b", command: Command.goodbye }, async () => {
    await b.type("7\n");
    exitCodes.b = (await b.end()).code;
    await logs(/#2 .* left .*\n/);
  });
  await part(
    "shutdown",
    { from: "server", command: Command.goodbye },
    async () => {
      server.kill("SIGINT");
      await a.stdout.find(PROMPT);
      exitCodes.server = (await server.end()).code;
    },
  );
  await a.type("7\n");
  exitCodes.a = (await a.end()).code;

  const path = `${lab.captures}/${CAPTURES.server}`;
  const packets = readPackets(await Deno.readFile(path), ports);
  const seen = await shark(path);
  return {
    serverName: SERVER_NAME,
    clients: [...ports].flatMap(([port, party]) =>
      party === "server" ? [] : { party, port }
    ),
    functions: withPackets(parts, packets),
    exitCodes,
    captures: CAPTURES,
    ...(seen && { shark: seen }),
  };
}

/** What one program has shown, cut where it is asked for. */
class Screen {
  readonly #outputs: readonly Output[];
  readonly #taken: number[];

  constructor(outputs: readonly Output[]) {
    this.#outputs = outputs;
    this.#taken = outputs.map(() => 0);
  }

  /** What has come since it was asked the last time. */
  take(): string {
    return this.#outputs.map(({ text }, i) => {
      const fresh = text.slice(this.#taken[i]);
      this.#taken[i] = text.length;
      return fresh;
    }).join("");
  }
}

/** The packet that something begins with. */
interface Beginning {
  /** Who sends it. */
  readonly from: Party;
  /** What its first frame is about; not there: it is a SYN. */
  readonly command?: Command;
}

/** A function, or something between two of them, without its packets. */
interface Part {
  readonly name: FunctionName | undefined;
  readonly begins: Beginning;
  readonly screens: ObservedFunction["screens"];
}

/** Types lines into a menu, and waits until it asks for more. */
async function choose(
  client: Program,
  ...lines: (string | number)[]
): Promise<void> {
  await client.type(lines.map((line) => `${line}\n`).join(""));
  await client.stdout.find(PROMPT);
}

/** The packets of the server's capture; a client is known by its port. */
function readPackets(
  capture: Uint8Array,
  ports: ReadonlyMap<number, Party>,
): ObservedPacket[] {
  const segments = readCapture(capture);
  const frames = framesIn(segments);
  return segments.map((segment) => ({
    number: segment.number,
    ms: segment.timeUs / 1000,
    from: ports.get(segment.from.port)!,
    to: ports.get(segment.to.port)!,
    flags: segment.flags,
    size: segment.payload.length,
    frames: frames.filter((frame) => frame.segment === segment)
      .map(({ bytes }) => bytes.toHex()),
  }));
}

/**
 * Gives each function its packets: from the one that it begins with to the one
 * that the next begins with. Times would not tell them apart: one follows the
 * other within a millisecond, and each program has its own clock.
 */
function withPackets(
  parts: readonly Part[],
  packets: readonly ObservedPacket[],
): ObservedFunction[] {
  const starts: number[] = [];
  for (const { begins } of parts) {
    const after = starts.at(-1) ?? -1;
    const at = packets.findIndex((packet, i) =>
      i > after && isBeginning(packet, begins)
    );
    if (at === -1) {
      throw new Error(`No packet begins ${JSON.stringify(begins)}`);
    }
    starts.push(at);
  }
  return parts.flatMap(({ name, screens }, i) => {
    if (name === undefined) return [];
    const own = packets.slice(starts[i], starts[i + 1]);
    const firstMs = own[0]!.ms;
    return {
      name,
      screens,
      packets: own.map((packet) => ({
        ...packet,
        ms: Math.round((packet.ms - firstMs) * 1000) / 1000,
      })),
    };
  });
}

function isBeginning(packet: ObservedPacket, begins: Beginning): boolean {
  if (packet.from !== begins.from) return false;
  if (begins.command === undefined) return packet.flags === TcpFlag.syn;
  const [first] = packet.frames;
  if (first === undefined) return false;
  const bytes = Uint8Array.fromHex(first);
  return bytes[COMMAND_OFFSET + 1] === begins.command &&
    bytes[TYPE_OFFSET] !== FrameType.response;
}

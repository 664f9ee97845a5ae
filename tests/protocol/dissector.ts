/**
 * What Wireshark makes of Parley's bytes: captures put together by hand, and
 * tshark with `protocol/parley.lua` to look at them.
 *
 * @module
 */

import { Conversation } from "../../capture/conversation.ts";
import {
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from "../../capture/pcapng.ts";
import { tcpPacket } from "../../capture/tcp_packet.ts";
import type { Endpoint } from "../../link/mod.ts";

/** The time between two packets of a {@linkcode Recording}, in milliseconds. */
export const STEP_MS = 1;

/** A connection of a {@linkcode Recording}. */
export interface RecordedConnection {
  /** The client sends `bytes`. Returns the packet's number. */
  client(bytes: Uint8Array): number;
  /** The server does. */
  server(bytes: Uint8Array): number;
  /** The client ends it. */
  clientEnds(): number;
}

/** A capture of connections that never were. */
export class Recording {
  readonly #blocks = [
    sectionHeader("parley tests"),
    interfaceDescription("tests", "connections that never were"),
  ];
  #packets = 0;

  /** A connection that begins now, with three packets. */
  connect(
    remote: Endpoint = { address: "127.0.0.1", port: 40_000 + this.#packets },
    local: Endpoint = { address: "127.0.0.1", port: 2203 },
  ): RecordedConnection {
    const ends = { local, remote, openedBy: "remote" } as const;
    const talk = new Conversation(ends, (direction, segment) => {
      const timeUs = (Date.UTC(2026, 10, 22) + STEP_MS * this.#packets) * 1000;
      this.#packets++;
      this.#blocks.push(enhancedPacket(timeUs, direction, tcpPacket(segment)));
    });
    const numbered = (happen: () => void) => {
      happen();
      return this.#packets;
    };
    return {
      client: (bytes) => numbered(() => talk.received(bytes)),
      server: (bytes) => numbered(() => talk.sent(bytes)),
      clientEnds: () => numbered(() => talk.ended("remote")),
    };
  }

  /** The bytes of the capture file. */
  async bytes(): Promise<Uint8Array> {
    return await new Blob(this.#blocks).bytes();
  }
}

/** An item of Wireshark's tree: a field, or a protocol with its fields. */
export interface Shown {
  readonly name: string;
  /** All of it, as a person reads it. */
  readonly label: string;
  /** Its value alone. */
  readonly show: string;
  /** The bytes that it stands for, in hexadecimal. */
  readonly value: string;
  readonly position: number;
  readonly size: number;
  readonly children: Shown[];
}

const DISSECTOR = new URL("../../protocol/parley.lua", import.meta.url);

/** A home in which nobody has told Wireshark anything. */
async function emptyHome(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** What one of Wireshark's programs prints. */
async function run(
  program: string,
  home: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const process = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { HOME: home, XDG_CONFIG_HOME: home, LC_ALL: "C.UTF-8", TZ: "UTC" },
  }).spawn();
  const writer = process.stdin.getWriter();
  if (input !== undefined) await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  const [printed, said] = [stdout, stderr].map((bytes) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
  ) as [string, string];
  const trouble = /(?:Lua: Error|Lua Error:|\.lua:\d).{0,200}/.exec(
    printed + said,
  );
  if (!success || trouble) throw new Error(trouble?.[0] ?? said);
  return printed;
}

/** Why tshark cannot be asked here, if it cannot. */
export async function whyNoTshark(): Promise<string | undefined> {
  await using home = await emptyHome();
  const script = `${home.path}/probe.lua`;
  await Deno.writeTextFile(script, 'print("Lua is there")');
  try {
    // As root, newer ones load none.
    const printed = await run("tshark", home.path, [
      ...["-G", "folders", "-X", `lua_script:${script}`],
    ]);
    return printed.includes("Lua is there")
      ? undefined
      : "tshark loads no Lua scripts";
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return 'there is no program "tshark"';
  }
}

/**
 * What tshark prints of a capture.
 *
 * @throws {Error} If tshark, or the dissector, fails.
 */
export async function tshark(
  capture: Recording | Uint8Array,
  ...args: string[]
): Promise<string> {
  await using home = await emptyHome();
  const path = await save(capture, home.path);
  const script = `lua_script:${DISSECTOR.pathname}`;
  return await run("tshark", home.path, [
    ...["-r", path, "-X", script],
    ...args,
  ]);
}

/** The names of all fields that can be filtered by. */
export async function fieldNames(): Promise<string[]> {
  await using home = await emptyHome();
  const script = `lua_script:${DISSECTOR.pathname}`;
  const printed = await run("tshark", home.path, [
    ...["-G", "fields", "-X", script],
  ]);
  return [...printed.matchAll(/^F\t[^\t]*\t(parley\.[^\t]*)/gm)]
    .map(([, name]) => name!);
}

async function save(
  capture: Recording | Uint8Array,
  home: string,
): Promise<string> {
  const path = `${home}/capture.pcapng`;
  await Deno.writeFile(
    path,
    capture instanceof Recording ? await capture.bytes() : capture,
  );
  return path;
}

/**
 * What the window of Wireshark would show of the packets, looked at in the order
 * of `numbers`: a text for each. `undefined` where there is no sharkd, which is
 * Wireshark without its window.
 */
export async function lookedAt(
  capture: Recording,
  numbers: readonly number[],
): Promise<string[] | undefined> {
  await using home = await emptyHome();
  const plugins = `${home.path}/.local/lib/wireshark/plugins`;
  await Deno.mkdir(plugins, { recursive: true });
  await Deno.copyFile(DISSECTOR, `${plugins}/parley.lua`);
  const requests = [
    { method: "load", params: { file: await save(capture, home.path) } },
    ...numbers.map((frame) => ({
      method: "frame",
      params: { frame, proto: true, columns: true },
    })),
  ].map((request, i) =>
    JSON.stringify({ jsonrpc: "2.0", id: i + 1, ...request })
  );
  try {
    const input = requests.join("\n") + "\n";
    const printed = await run("sharkd", home.path, ["-"], input);
    const answers = printed.trim().split("\n").map((line) => JSON.parse(line));
    const refusal = answers.find(({ error }) => error !== undefined);
    if (refusal) throw new Error(`sharkd: ${refusal.error.message}`);
    return answers.slice(1).map(({ result }) => JSON.stringify(result));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** What is shown of Parley in each packet that has it, by its number. */
export async function shown(
  capture: Recording | Uint8Array,
  ...args: string[]
): Promise<Map<number, Shown[]>> {
  const pdml = await tshark(
    capture,
    ...["-2", "-T", "pdml", "-J", "parley", "-Y", "parley", ...args],
  );
  const packets = pdml.split("</packet>").slice(0, -1).map((packet) => {
    const items = parse(packet);
    const { children } = items.find(({ name }) => name === "geninfo")!;
    const number = children.find(({ name }) => name === "num")!.show;
    const frames = items.filter(({ name }) => name === "parley");
    return [Number(number), frames] as const;
  });
  return new Map(packets);
}

/** The values of fields, for each packet in which the first of them is. */
export async function values(
  capture: Recording | Uint8Array,
  fields: readonly string[],
  ...args: string[]
): Promise<string[][]> {
  const printed = await tshark(
    capture,
    ...["-2", "-T", "fields", "-Y", fields[0]!, ...args],
    ...fields.flatMap((field) => ["-e", field]),
  );
  return rows(printed);
}

/** The packet list: protocol and Info of each packet. */
export async function list(
  capture: Recording | Uint8Array,
  ...args: string[]
): Promise<string[][]> {
  const columns = 'gui.column.format:"Protocol","%p","Info","%i"';
  return rows(
    await tshark(capture, "-2", "-T", "tabs", "-o", columns, ...args),
  );
}

function rows(printed: string): string[][] {
  return printed.split("\n").slice(0, -1).map((line) =>
    line.split("\t").map((cell) => cell.trim())
  );
}

/** The items of a PDML packet, at the top level those of the packet. */
function parse(pdml: string): Shown[] {
  const top: Shown[] = [];
  const open = [top];
  for (const [tag] of pdml.matchAll(/<\/?(?:proto|field)\b[^>]*>/g)) {
    if (tag.startsWith("</")) {
      open.pop();
      continue;
    }
    const item: Shown = {
      name: attribute(tag, "name"),
      label: attribute(tag, "showname"),
      show: attribute(tag, "show"),
      value: attribute(tag, "value"),
      position: Number(attribute(tag, "pos")),
      size: Number(attribute(tag, "size")),
      children: [],
    };
    open.at(-1)!.push(item);
    if (!tag.endsWith("/>")) open.push(item.children);
  }
  return top;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
  "&amp;": "&",
};

function attribute(tag: string, name: string): string {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replaceAll(/&[^;]*;/g, (entity) => ENTITIES[entity] ?? entity);
}

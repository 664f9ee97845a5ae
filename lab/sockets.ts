import type { Obstacle } from "./experiment.ts";

/** An end of a connection, as `ss` writes it. */
export interface SocketEnd {
  /** An IP address without brackets; `*` is any, IPv6 and IPv4. */
  readonly address: string;
  /** A TCP port; 0 is any: the far end of a socket that listens. */
  readonly port: number;
}

/** What the kernel waits for with a socket. */
export interface SocketTimer {
  /**
   * `on` (to send again), `keepalive`, `timewait`, `persist` (the other side's
   * window is closed) or `unknown`.
   */
  readonly kind: string;
  /** How long it still waits, in milliseconds, as exactly as `ss` says it. */
  readonly leftMs: number;
  /** How often it has run out before. */
  readonly retries: number;
}

/** What the kernel has counted on a connection since it was made. */
export interface SocketInfo {
  /** Segments sent, those without data and those that were sent again too. */
  readonly segsOut: number;
  /** Segments received. */
  readonly segsIn: number;
  /** Segments sent that carried data. */
  readonly dataSegsOut: number;
  /** Segments received that carried data. */
  readonly dataSegsIn: number;
  /** Bytes sent, those that were sent again too. */
  readonly bytesSent: number;
  /** Bytes sent that the other side has acknowledged; its SYN counts as one. */
  readonly bytesAcked: number;
  /** Bytes received; a FIN counts as one. */
  readonly bytesReceived: number;
  /** Segments that were sent again. */
  readonly retransmitted: number;
  /** Segments under way: sent, and not acknowledged. */
  readonly unacked: number;
  /** After how long a segment is sent again, in milliseconds. */
  readonly rtoMs: number;
  /** The largest segment that it sends, in bytes of data. */
  readonly mss: number;
}

/** A TCP socket. */
export interface Socket {
  /** Its state in `ss`'s words: `LISTEN`, `ESTAB`, `TIME-WAIT` … */
  readonly state: string;
  /** Bytes that its program has not read; connections it has not accepted. */
  readonly recvQ: number;
  /**
   * Bytes that the other side has not acknowledged; when it listens, how many
   * connections may wait to be accepted.
   */
  readonly sendQ: number;
  /** This side. */
  readonly local: SocketEnd;
  /** The other side. */
  readonly peer: SocketEnd;
  /** What the kernel waits for, if it waits. */
  readonly timer?: SocketTimer;
  /** What the kernel has counted, if that was asked for and it still knows. */
  readonly info?: SocketInfo;
}

/** Which sockets to look at, and how. */
export interface SocketsQuery {
  /**
   * A command line to put before that of `ss`: `["ip", "netns", "exec", "lab"]`
   * looks at another network.
   *
   * @default {[]}
   */
  readonly starter?: readonly string[];
  /** Only those that have this port at either end. */
  readonly port?: number;
  /** Only those that this filter of `ss` lets through; goes before `port`. */
  readonly filter?: string;
  /**
   * Whether to ask for {@linkcode Socket.info} too.
   *
   * @default {false}
   */
  readonly info?: boolean;
}

/** What `ss` has said. */
export interface Sockets {
  /** Its command line, as one types it. */
  readonly command: string;
  /** What it has printed. */
  readonly output: string;
  /** The same as data. */
  readonly sockets: readonly Socket[];
}

/**
 * Asks the kernel, by `ss` of iproute2, which TCP sockets there are: those that
 * listen, those that are connected, and those that belong to no program any
 * more. Linux; it takes no rights.
 *
 * @throws {Error} With what `ss` says, if it cannot do that.
 *
 * @example Usage
 * ```ts ignore
 * const { command, output, sockets: rows } = await sockets({ port: 2203 });
 * console.log(`$ ${command}\n${output}`);
 * console.log(rows.filter(({ state }) => state === "TIME-WAIT").length);
 * ```
 */
export async function sockets(
  { starter = [], port, filter, info = false }: SocketsQuery = {},
): Promise<Sockets> {
  const flags = info ? "-tanoiO" : "-tano";
  const wanted = filter ??
    (port === undefined ? "" : `sport = :${port} or dport = :${port}`);
  const words = [...starter, "ss", flags];
  const [program, ...args] = wanted === "" ? words : [...words, wanted];
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    env: { LC_ALL: "C" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const command = words.join(" ") + (wanted === "" ? "" : ` '${wanted}'`);
  if (!success) throw new Error(`${command}: ${text.decode(stderr).trim()}`);
  const output = text.decode(stdout).replace(/[ \t]+$/gm, "").trimEnd();
  return { command, output, sockets: parseSockets(output) };
}

/**
 * Reads what `ss -tan` prints, with its line of titles; `-o`, and `-i` with `-O`,
 * add to each line what is read, too.
 *
 * @throws {Error} At a line that is none of `ss`'s.
 */
export function parseSockets(output: string): Socket[] {
  return output.split("\n").slice(1).filter((line) => line !== "")
    .map(parseSocket);
}

/** Why `ss` cannot be asked on this machine, if it cannot. */
export async function whyNoSockets(): Promise<Obstacle | undefined> {
  if (Deno.build.os !== "linux") return { kind: "not-linux" };
  try {
    await sockets({ port: 1 });
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? { kind: "missing", program: "ss", package: "iproute2" }
      : { kind: "refused", message: (error as Error).message };
  }
}

function parseSocket(line: string): Socket {
  const match = /^([A-Z]\S*) +(\d+) +(\d+) +(\S+:\S+) +(\S+:\S+)(.*)$/
    .exec(line);
  if (match === null) throw new Error(`Expected a line of ss, got "${line}"`);
  const [, state, recvQ, sendQ, local, peer, rest] = match;
  const timer = parseTimer(rest!);
  const info = parseInfo(rest!);
  return {
    state: state!,
    recvQ: Number(recvQ),
    sendQ: Number(sendQ),
    local: parseEnd(local!),
    peer: parseEnd(peer!),
    ...(timer && { timer }),
    ...(info && { info }),
  };
}

/** `127.0.0.1:2203`, `[::1]:2203`, `*:*`, `127.0.0.53%lo:53`. */
function parseEnd(text: string): SocketEnd {
  const colon = text.lastIndexOf(":");
  const address = text.slice(0, colon).replace(/^\[(.*)\]/, "$1")
    .replace(/%.*$/, "");
  const port = text.slice(colon + 1);
  return { address, port: port === "*" ? 0 : Number(port) };
}

/** `timer:(timewait,59sec,0)`. */
function parseTimer(text: string): SocketTimer | undefined {
  const match = /timer:\((\w+),(\w*(?:\.\w+)?),(\d+)\)/.exec(text);
  if (match === null) return undefined;
  const [, kind, left, retries] = match;
  return { kind: kind!, leftMs: parseMs(left!), retries: Number(retries) };
}

/** `1min3sec`, `59sec`, `204ms`, and `5.204ms`, which is more than 5 seconds. */
function parseMs(text: string): number {
  const [, min = 0, sec = 0, ms = 0] =
    /^(?:(\d+)min)?(?:(\d+)(?:sec|\.(?=\d+ms)))?(?:(\d+)ms)?$/.exec(text) ?? [];
  return (Number(min) * 60 + Number(sec)) * 1000 + Number(ms);
}

/** `segs_out:3 segs_in:2 …`: what is 0 is not there. */
function parseInfo(text: string): SocketInfo | undefined {
  const values = new Map(
    Array.from(text.matchAll(/(?<=\s)(\w+):(\S+)/g), ([, name, value]) => [
      name!,
      value!,
    ]),
  );
  if (!values.has("cwnd")) return undefined;
  const number = (name: string) => Number(values.get(name) ?? 0);
  return {
    segsOut: number("segs_out"),
    segsIn: number("segs_in"),
    dataSegsOut: number("data_segs_out"),
    dataSegsIn: number("data_segs_in"),
    bytesSent: number("bytes_sent"),
    bytesAcked: number("bytes_acked"),
    bytesReceived: number("bytes_received"),
    // "0/3": none is under way again now, three were.
    retransmitted: Number(values.get("retrans")?.split("/")[1] ?? 0),
    unacked: number("unacked"),
    rtoMs: number("rto"),
    mss: number("mss"),
  };
}

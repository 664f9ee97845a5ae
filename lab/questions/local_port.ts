import type { Lab } from "../experiment.ts";
import { cat, type Printed } from "./cat.ts";

/** Where the ports of clients come from. */
export interface LocalPortSeen {
  /** The client's command line, as one types it. */
  readonly command: string;
  /** The server's log of the connects. */
  readonly log: string;
  /** The client's port at each connect, as the server has seen it. */
  readonly ports: readonly number[];
  /** The kernel's setting. */
  readonly setting: Printed;
  /** The first and the last port that the kernel gives by itself. */
  readonly range: { readonly first: number; readonly last: number };
}

const CONNECTS = 10;
const RANGE = "/proc/sys/net/ipv4/ip_local_port_range";

/** Has the real client connect several times, and looks where it comes from. */
export async function observeLocalPort(
  { programs }: Lab,
): Promise<LocalPortSeen> {
  await using server = await programs.startServer();
  const lines: string[] = [];
  const ports: number[] = [];
  for (let i = 0; i < CONNECTS; i++) {
    await programs.ask(server.port, "name");
    const [line, port] = await server.stderr
      .find(/.*#\d+ \S+:(\d+) connected.*\n/);
    lines.push(line);
    ports.push(Number(port));
  }
  const setting = await cat(RANGE);
  const [first, last] = setting.output.split(/\s+/).map(Number);
  return {
    command: `parley-client --server 127.0.0.1:${server.port} name`,
    log: lines.join("").trimEnd(),
    ports,
    setting,
    range: { first: first!, last: last! },
  };
}

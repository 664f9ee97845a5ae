import type { Lab } from "../experiment.ts";
import { type Sockets, sockets } from "../sockets.ts";
import type { Printed } from "./cat.ts";

/** How the clients on one port can be told apart. */
export interface TellingApartSeen {
  /** The server's port. */
  readonly port: number;
  /** The numbers of the clients that were connected. */
  readonly ids: readonly number[];
  /** All sockets that have the port. */
  readonly seen: Sockets;
  /** What `list` has printed, for a client more: the one that asks. */
  readonly list: Printed;
  /** The clients' ports in that list, by number. */
  readonly listed: Readonly<Record<number, number>>;
}

const CLIENTS = 3;

/** Connects several real clients to one server, and looks at their sockets. */
export async function observeTellingApart(
  { programs, language }: Lab,
): Promise<TellingApartSeen> {
  await using server = await programs.startServer();
  const { port } = server;
  await using stack = new AsyncDisposableStack();
  const ids: number[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    ids.push(stack.use(await programs.startListener(port)).id);
  }
  const seen = await sockets({ port });
  const { stdout } = await programs.ask(port, "--lang", language, "list");
  const entries = stdout.matchAll(/^(\d+) +127\.0\.0\.1:(\d+)/gm);
  return {
    port,
    ids,
    seen,
    list: {
      command: `parley-client --server 127.0.0.1:${port} list`,
      output: stdout.trimEnd(),
    },
    listed: Object.fromEntries(
      Array.from(entries, ([, id, port]) => [id, Number(port)]),
    ),
  };
}

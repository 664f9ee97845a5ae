import { Cable } from "../../tools/cable.ts";
import type { Program } from "../../tools/program.ts";
import type { Programs, RunningServer } from "../../tools/programs.ts";
import { parseLines } from "../../tools/programs.ts";
import type { Language } from "../language.ts";
import { sockets } from "../sockets.ts";
import type {
  Command,
  Ends,
  Look,
  Moment,
  ObservedList,
  ObservedSend,
} from "./observation.ts";

/** How a connection is called that is not there. */
const NONE = "-";

/** How often a client tries to reach the server when the cable is in again. */
const PLUG_TRIES = 50;

/** Which of the two machines. */
export type Machine = "server" | "clients";

/**
 * The machine that the server is on, the one that the clients are on, and the
 * cable between them.
 */
export class Machines implements Disposable {
  readonly cable: Cable = new Cable();
  readonly #programs: Readonly<Record<Machine, Programs>>;
  readonly #language: Language;
  #pulledMs: number | undefined;

  /** Sets them up. */
  constructor(programs: Programs, language: Language) {
    this.#language = language;
    this.#programs = {
      server: programs.startedBy(...this.cable.near),
      clients: programs.startedBy(...this.cable.far),
    };
  }

  /** How long the cable has been out, in milliseconds; if it is. */
  get outMs(): number | undefined {
    return this.#pulledMs && performance.now() - this.#pulledMs;
  }

  /** Pulls the cable of the clients' machine. */
  pull(): void {
    this.cable.pull();
    this.#pulledMs = performance.now();
  }

  /**
   * Plugs it in again, and waits until a client reaches the server: a kernel that
   * has just asked in vain for the other's address says for a while that there is
   * no way to it.
   */
  async plug(server: RunningServer): Promise<void> {
    this.cable.plug();
    this.#pulledMs = undefined;
    for (let i = 0; i < PLUG_TRIES; i++) {
      const { code } = await this.#programs.clients.client(
        ["--server", this.#endpoint(server), "time"],
      );
      if (code === 0) return;
    }
  }

  /**
   * Sets one of the kernel's values on the clients' machine; `name` is its path
   * below `/proc/sys`.
   */
  async set(name: string, value: number): Promise<void> {
    const script = `echo ${value} > /proc/sys/${name}`;
    const [program, ...args] = [...this.cable.far, "sh", "-c", script];
    const { success, stderr } = await new Deno.Command(program!, { args })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  }

  /** Starts a server that clients on both machines can reach. */
  startServer(...flags: string[]): Promise<RunningServer> {
    const { nearAddress } = this.cable;
    return this.#programs.server.startServer("--host", nearAddress, ...flags);
  }

  /** Starts a client at its menu, in the report's language, on the clients' machine. */
  startClient(server: RunningServer, ...words: string[]): Program {
    const common = [
      ...["--server", this.#endpoint(server)],
      ...["--lang", this.#language],
    ];
    return this.#programs.clients.start("client", ...common, ...words);
  }

  /** Has a client on one of the machines ask for the list. */
  async list(machine: Machine, server: RunningServer): Promise<ObservedList> {
    const { command, output, values } = await this.#ask(machine, server, [
      "list",
    ]);
    const ids = (self: boolean) =>
      values.filter((entry) => entry.self === self)
        .map(({ id }) => Number(id));
    return { command, output, self: ids(true)[0] ?? 0, others: ids(false) };
  }

  /** Has a client on one of the machines send a text. */
  async send(
    machine: Machine,
    server: RunningServer,
    to: number,
    text: string,
  ): Promise<ObservedSend> {
    const startMs = performance.now();
    const { command, output, values: [value] } = await this.#ask(
      machine,
      server,
      ["send", `${to}`, text],
    );
    const delivered = value?.delivered === true;
    return {
      command,
      output,
      delivered,
      ...(!delivered && { reason: `${value?.reason}` }),
      ms: performance.now() - startMs,
    };
  }

  /** Looks at the sockets of both machines. */
  async look(
    moment: Moment,
    server: RunningServer,
    ports: { readonly quitter: number; readonly stayer: number },
  ): Promise<Look> {
    const { outMs } = this;
    const { port } = server;
    const { near: starter, far, farAddress } = this.cable;
    const [atServer, atClients] = await Promise.all([
      // Not those who ask beside the server.
      sockets({ starter, filter: `sport = :${port} and dst ${farAddress}` }),
      sockets({ starter: far, filter: `dport = :${port}` }),
    ]);
    const ends = (port: number): Ends => ({
      server: atServer.sockets.find(({ peer }) => peer.port === port)?.state ??
        NONE,
      client:
        atClients.sockets.find(({ local }) => local.port === port)?.state ??
          NONE,
    });
    return {
      moment,
      ...(outMs !== undefined && { outMs }),
      quitter: ends(ports.quitter),
      stayer: ends(ports.stayer),
      server: this.#asTyped(atServer),
      clients: this.#asTyped(atClients),
    };
  }

  /** Takes the machines away. */
  [Symbol.dispose](): void {
    this.cable[Symbol.dispose]();
  }

  async #ask(machine: Machine, server: RunningServer, words: string[]) {
    const where = this.#endpoint(server);
    const { stdout } = await this.#programs[machine].client(
      ["--server", where, "--json", ...words],
    );
    const shown = words.map((word) => word.includes(" ") ? `"${word}"` : word);
    return {
      command: `parley-client --server ${where} --json ${shown.join(" ")}`,
      output: stdout.trimEnd(),
      values: stdout === "" ? [] : parseLines(stdout),
    };
  }

  #endpoint({ port }: RunningServer): string {
    return `${this.cable.nearAddress}:${port}`;
  }

  /** The command without what makes it run on the right machine. */
  #asTyped({ command, output }: Command): Command {
    return { command: command.replace(/^.*?(?=ss )/, ""), output };
  }
}

import { PACKAGE_FLAGS } from "./packages.ts";
import { permissionFlags } from "./task.ts";
import { type Finished, Program, type ProgramOptions } from "./program.ts";

/** Where the executables are. */
export interface Executables {
  /** The absolute path of `parley-server`. */
  readonly server: string;
  /** The absolute path of `parley-client`. */
  readonly client: string;
  /** The environment variables to start them with. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where a server is: its port on this machine, or `HOST:PORT`. */
export type Where = number | string;

/** A server that listens. */
export interface RunningServer extends Program {
  /** The port it listens on. */
  readonly port: number;
}

/** A client that prints the messages that come. */
export interface Listener extends Program {
  /** Its number. */
  readonly id: number;
}

/** Parley's two programs, and one of the ways to start them. */
export class Programs {
  /** The way, in a word or two. */
  readonly name: string;
  readonly #commands: Readonly<Record<"server" | "client", readonly string[]>>;
  readonly #env: Readonly<Record<string, string>>;
  readonly #detached: boolean;

  private constructor(
    name: string,
    commands: Record<"server" | "client", string[]>,
    { env = {}, detached = false }: ProgramOptions,
  ) {
    this.name = name;
    this.#commands = commands;
    // Their words are expected in English, whatever the language here is.
    this.#env = { LC_ALL: "C.UTF-8", ...env };
    this.#detached = detached;
  }

  /** The programs as their sources, with the permissions of the tasks. */
  static fromSources(): Programs {
    const command = (name: "server" | "client") => [
      Deno.execPath(),
      "run",
      ...PACKAGE_FLAGS,
      ...permissionFlags(name),
      // What a client remembers is not mixed with what the user's does.
      "--location=http://parley.test",
      import.meta.resolve(`../${name}.ts`),
    ];
    const commands = { server: command("server"), client: command("client") };
    return new Programs("sources", commands, {});
  }

  /** The programs as they are given to people. */
  static fromExecutables({ server, client, env }: Executables): Programs {
    const commands = { server: [server], client: [client] };
    return new Programs("executables", commands, { env });
  }

  /**
   * The same programs, started by another: it is given a program's command line
   * behind its own, and must become that program (`exec`), so that signals reach
   * it.
   */
  startedBy(...starter: string[]): Programs {
    const { server, client } = this.#commands;
    const commands = {
      server: [...starter, ...server],
      client: [...starter, ...client],
    };
    return new Programs(this.name, commands, this.#options);
  }

  /** The same programs, each in a session of its own: see {@linkcode Program}. */
  detached(): Programs {
    return new Programs(
      this.name,
      {
        server: [...this.#commands.server],
        client: [...this.#commands.client],
      },
      { ...this.#options, detached: true },
    );
  }

  /** The command line of a program, for whoever starts it in another way. */
  command(name: "server" | "client", ...args: string[]): string[] {
    const env = Object.entries(this.#env).map(([key, value]) =>
      `${key}=${value}`
    );
    const command = [...this.#commands[name], ...args];
    return env.length === 0 ? command : ["env", ...env, ...command];
  }

  /** Starts a program. */
  start(name: "server" | "client", ...args: string[]): Program {
    return new Program([...this.#commands[name], ...args], this.#options);
  }

  /** Starts a server on a free port, and waits until it listens. */
  async startServer(...args: string[]): Promise<RunningServer> {
    const server = this.start("server", "--port", "0", ...args);
    try {
      const [, port] = await server.stdout.find(/^Listening on .*:(\d+)\n/);
      return Object.assign(server, { port: Number(port) });
    } catch (error) {
      throw await explained(error, server);
    }
  }

  /** Runs a client to its end, with `input` to read. */
  async client(args: readonly string[], input = ""): Promise<Finished> {
    return await this.#run("client", args, input);
  }

  /** Runs a server that will not stay, to its end. */
  async server(...args: string[]): Promise<Finished> {
    return await this.#run("server", args, "");
  }

  /** Runs a client's command at a server. */
  async ask(server: Where, ...words: string[]): Promise<Finished> {
    return await this.client(["--server", endpointOf(server), ...words]);
  }

  /** The same with `--json`; the lines are parsed. */
  async askJson(
    server: Where,
    ...words: string[]
  ): Promise<{ code: number; values: Record<string, unknown>[] }> {
    const { code, stdout } = await this.ask(server, "--json", ...words);
    return { code, values: parseLines(stdout) };
  }

  /** Starts `listen --json`, and waits until it says its number. */
  async startListener(server: Where, ...args: string[]): Promise<Listener> {
    const listener = this.start(
      "client",
      ...["--server", endpointOf(server), "--json", "listen", ...args],
    );
    try {
      const [, id] = await listener.stdout.find(/^\{"self":(\d+)\}\n/);
      return Object.assign(listener, { id: Number(id) });
    } catch (error) {
      throw await explained(error, listener);
    }
  }

  get #options(): ProgramOptions {
    return { env: this.#env, detached: this.#detached };
  }

  async #run(
    name: "server" | "client",
    args: readonly string[],
    input: string,
  ): Promise<Finished> {
    await using program = this.start(name, ...args);
    await program.type(input);
    await program.closeInput();
    return await program.end();
  }
}

/** Ends a program that did not start as expected, and adds what it has said. */
async function explained(error: unknown, program: Program): Promise<Error> {
  await program[Symbol.asyncDispose]();
  const said = JSON.stringify(program.stderr.text);
  const { message } = error as Error;
  return new Error(`${message}; on standard error ${said}`, { cause: error });
}

function endpointOf(server: Where): string {
  return typeof server === "number" ? `127.0.0.1:${server}` : server;
}

/** The values of a text that has a JSON value on each line. */
export function parseLines(text: string): Record<string, unknown>[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

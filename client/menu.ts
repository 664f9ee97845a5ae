import { formatEndpoint } from "../protocol/mod.ts";
import { visibleText } from "../terminal/mod.ts";
import { Client } from "./client.ts";
import { ConnectionError } from "./connection_error.ts";
import { describeClient, describeMessage, describeTime } from "./describe.ts";
import { type Choice, EndOfInput, type Prompter } from "./prompter.ts";
import { RefusedError } from "./refused_error.ts";

/** How the menu begins. */
export interface MenuOptions {
  /** The address that is offered when connecting. */
  readonly hostname: string;
  /** The port that is offered when connecting. */
  readonly port: number;
  /** How long the server may take to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the menu, with a goodbye, when aborted. */
  readonly signal: AbortSignal;
}

/** What can be chosen, in the order of the menu. */
const LABELS = {
  connect: "connect to a server",
  disconnect: "disconnect",
  time: "get the server's time",
  name: "get the server's name",
  list: "list the clients",
  send: "send a message",
  quit: "quit",
} as const;

type Action = keyof typeof LABELS;

/** Why a connection's signal is aborted when the connection is over. */
const OVER = Symbol("the connection is over");

/** The menu's connection, while there is one. */
interface Connection {
  readonly client: Client;
  /** The server's address and port. */
  readonly where: string;
  /** Aborted when the connection is closed, or the menu is to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs the client's menu from the first choice to *quit*. Messages are shown
 * when they come, whatever is being asked; when the connection is lost that is
 * said at once, and the menu is the one of somebody who is not connected.
 *
 * Resolves when the person has quit, or input has come to its end, and the
 * server has been told goodbye; rejects with the signal's reason.
 */
export async function runMenu(
  prompter: Prompter,
  options: MenuOptions,
): Promise<void> {
  await using menu = new Menu(prompter, options);
  try {
    await menu.run();
  } catch (error) {
    if (!(error instanceof EndOfInput)) throw error;
  }
}

class Menu implements AsyncDisposable {
  readonly #prompter: Prompter;
  readonly #options: MenuOptions;
  #connection: Connection | undefined;

  constructor(prompter: Prompter, options: MenuOptions) {
    this.#prompter = prompter;
    this.#options = options;
  }

  async run(): Promise<void> {
    for (;;) {
      const signal = this.#connection?.signal ?? this.#options.signal;
      try {
        const action = await this.#prompter.choose(
          this.#title(),
          this.#choices(),
          signal,
        );
        if (action === "quit") return;
        await this.#perform(action, signal);
      } catch (error) {
        this.#options.signal.throwIfAborted();
        if (signal.aborted) {
          // That the connection is over has been shown, if it could be.
          if (signal.reason === OVER) continue;
          throw signal.reason;
        }
        if (!isExpected(error)) throw error;
        this.#show(visibleText(error.message));
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.client.disconnect();
  }

  #title(): string {
    if (this.#connection === undefined) return "Not connected";
    const { client, where } = this.#connection;
    const name = visibleText(client.hello.name);
    return `Connected to ${name} (${where}) as number ${client.id}`;
  }

  #choices(): Choice<Action>[] {
    const connected = this.#connection !== undefined;
    return Object.entries(LABELS).map(([key, label]) => {
      const value = key as Action;
      if (value === "quit" || connected !== (value === "connect")) {
        return { value, label };
      }
      const unavailable = connected ? "you are connected" : "connect first";
      return { value, label, unavailable };
    });
  }

  async #perform(
    action: Exclude<Action, "quit">,
    signal: AbortSignal,
  ): Promise<void> {
    if (action === "connect") return await this.#connect(signal);
    if (this.#connection === undefined) return;
    const { client } = this.#connection;
    switch (action) {
      case "disconnect":
        await client.disconnect();
        break;
      case "time":
        this.#show(
          `Server time: ${describeTime(await client.time({ signal }))}`,
        );
        break;
      case "name":
        this.#show(
          `Server name: ${visibleText(await client.name({ signal }))}`,
        );
        break;
      case "list":
        await this.#list(client, signal);
        break;
      case "send":
        await this.#send(client, signal);
        break;
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const hostname = await this.#prompter.ask({
      text: "Server address",
      standard: this.#options.hostname,
    }, signal);
    const port = Number(
      await this.#prompter.ask({
        text: "Server port",
        standard: String(this.#options.port),
        check: checkPort,
      }, signal),
    );
    const { timeoutMs } = this.#options;
    const client = await Client.connect({ hostname, port, timeoutMs, signal });
    const lost = new AbortController();
    this.#connection = {
      client,
      where: formatEndpoint(hostname, port),
      signal: AbortSignal.any([lost.signal, this.#options.signal]),
    };
    client.receive((message) => this.#show(describeMessage(message)));
    client.closed.then(({ how, why }) => {
      this.#connection = undefined;
      const reason = how === "disconnected" ? "" : `: ${visibleText(why)}`;
      this.#show(`Disconnected${reason}`);
    }).then(() => lost.abort(OVER), (error) => lost.abort(error));
    this.#show("Connected");
  }

  async #list(client: Client, signal: AbortSignal): Promise<void> {
    for (const listed of await client.list({ signal })) {
      this.#show(describeClient(listed, client.id));
    }
  }

  async #send(client: Client, signal: AbortSignal): Promise<void> {
    await this.#list(client, signal);
    const to = Number(
      await this.#prompter.ask({ text: "To number", check: checkId }, signal),
    );
    const text = await this.#prompter.ask({ text: "Text" }, signal);
    const delivery = await client.send(to, text, { signal });
    this.#show(
      delivery.delivered
        ? `Delivered to ${to} in ${delivery.ms.toFixed(1)} ms`
        : `Not delivered to ${to}: ${visibleText(delivery.why)}`,
    );
  }

  #show(line: string): void {
    this.#prompter.show(line);
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof ConnectionError || error instanceof RefusedError;
}

function checkPort(answer: string): string | undefined {
  const port = Number(answer);
  return /^\d+$/.test(answer) && port >= 1 && port <= 65535
    ? undefined
    : `Expected a port from 1 to 65535, got "${visibleText(answer)}"`;
}

function checkId(answer: string): string | undefined {
  return /^\d+$/.test(answer) && Number(answer) <= 0xffffffff
    ? undefined
    : `Expected a client's number, got "${visibleText(answer)}"`;
}

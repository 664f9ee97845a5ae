import { formatEndpoint, parseAddress } from "../protocol/mod.ts";
import { visibleText } from "../terminal/mod.ts";
import { burst } from "./burst.ts";
import { Client, type ConnectOptions } from "./client.ts";
import { connectInTurn } from "./connect_in_turn.ts";
import { ConnectionError } from "./connection_error.ts";
import {
  describeBurst,
  describeList,
  describeMessage,
  describeTime,
} from "./describe.ts";
import { listKnown } from "./list_known.ts";
import { listWithNodes } from "./list_with_nodes.ts";
import type { ServerAddress } from "./parse_server.ts";
import { type Choice, EndOfInput, type Prompter } from "./prompts/prompter.ts";
import { Reconnection } from "./reconnection.ts";
import { RefusedError } from "./refused_error.ts";
import { rememberServer } from "./settings.ts";
import type { ChoiceName, Texts } from "./texts/mod.ts";

/** The most requests that are measured at once. */
const MAX_REQUESTS = 1_000_000;

/** How the menu begins. */
export interface MenuOptions {
  /**
   * The servers that are tried in turn, one at least; the first is offered when
   * connecting.
   */
  readonly servers: readonly [ServerAddress, ...ServerAddress[]];
  /** How to connect, to whatever server. */
  readonly connection: Omit<ConnectOptions, "hostname" | "port" | "signal">;
  /** The texts for people. */
  readonly texts: Texts;
  /** Ends the menu, with a goodbye, when aborted. */
  readonly signal: AbortSignal;
}

/** What can always be seen in the menu, in its order. */
const CHOICES: readonly ChoiceName[] = [
  "connect",
  "disconnect",
  "time",
  "name",
  "list",
  "send",
  "quit",
  "measure",
];

/** Why a connection's signal is aborted when the connection is over. */
const OVER = Symbol("the connection is over");

/** Why the person is not asked any more whether to stop waiting. */
const WAITED = Symbol("the waiting is over");
/** Why there is no waiting any more: the person has stopped it. */
const STOPPED = Symbol("the waiting was stopped");

/** The menu's connection, while there is one. */
interface Connection {
  readonly client: Client;
  /** The server's address and port. */
  readonly where: string;
  /** When it was made, on the clock of `performance.now()`. */
  readonly sinceMs: number;
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
  readonly #texts: Texts;
  /** Ends the menu. */
  readonly #signal: AbortSignal;
  #server: ServerAddress;
  #connection: Connection | undefined;
  /** Whether the last connection was closed by other than this side. */
  #lost = false;

  constructor(prompter: Prompter, options: MenuOptions) {
    this.#prompter = prompter;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, prompter.interrupted]);
    this.#texts = options.texts;
    this.#server = options.servers[0];
  }

  async run(): Promise<void> {
    for (;;) {
      const signal = this.#connection?.signal ?? this.#signal;
      try {
        const choice = await this.#prompter.choose(
          this.#title(),
          this.#choices(),
          signal,
        );
        if (choice === "quit") return;
        await this.#perform(choice, signal);
      } catch (error) {
        this.#signal.throwIfAborted();
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
    if (this.#connection === undefined) return this.#texts.notConnected;
    const { client, where, sinceMs } = this.#connection;
    const name = visibleText(client.hello.name);
    const seconds = Math.floor((performance.now() - sinceMs) / 1000);
    const since = this.#texts.duration(seconds);
    return this.#texts.connectedTo(name, where, client.id, since);
  }

  #choices(): Choice<ChoiceName>[] {
    const { choices, alreadyConnected, connectFirst } = this.#texts;
    const connected = this.#connection !== undefined;
    const values = connected || !this.#lost
      ? CHOICES
      : [...CHOICES, "reconnect" as const];
    return values.map((value) => {
      const label = choices[value];
      if (value === "quit" || value === "reconnect") return { value, label };
      if (connected !== (value === "connect")) return { value, label };
      const unavailable = connected ? alreadyConnected : connectFirst;
      return { value, label, unavailable };
    });
  }

  async #perform(
    choice: Exclude<ChoiceName, "quit">,
    signal: AbortSignal,
  ): Promise<void> {
    if (choice === "connect") return await this.#connect(signal);
    if (choice === "reconnect") return await this.#reconnect(signal);
    if (this.#connection === undefined) return;
    const { client } = this.#connection;
    const texts = this.#texts;
    switch (choice) {
      case "disconnect":
        return await client.disconnect();
      case "time": {
        const time = await client.time({ signal });
        return this.#show(texts.serverTime(describeTime(time)));
      }
      case "name": {
        const name = await client.name({ signal });
        return this.#show(texts.serverName(visibleText(name)));
      }
      case "list": {
        const { clients, incomplete } = await listWithNodes(client, { signal });
        describeList(clients, client.id, texts)
          .forEach((line) => this.#show(line));
        if (incomplete !== undefined) throw incomplete;
        return;
      }
      case "send":
        return await this.#send(client, signal);
      case "measure":
        return await this.#measure(client, signal);
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const texts = this.#texts;
    const hostname = await this.#prompter.ask({
      text: texts.serverAddress,
      standard: this.#server.hostname,
      check: (answer) =>
        isHost(answer) ? undefined : texts.expectedHost(visibleText(answer)),
    }, signal);
    const port = Number(
      await this.#prompter.ask({
        text: texts.serverPort,
        standard: String(this.#server.port),
        check: (answer) =>
          isWhole(answer, 1, 65535)
            ? undefined
            : texts.expectedPort(visibleText(answer)),
      }, signal),
    );
    const servers = this.#turnFrom({ hostname, port });
    const { client, server } = await this.#connectTo(servers, signal);
    this.#begin(client, server);
    this.#show(texts.connected);
  }

  /**
   * Waits for the last server, or one that stands in for it, until it is there
   * or one waits no longer.
   */
  async #reconnect(signal: AbortSignal): Promise<void> {
    const texts = this.#texts;
    const servers = this.#turnFrom(this.#server);
    let server = this.#server;
    const stopped = new AbortController();
    const waited = new AbortController();
    const reconnection = new Reconnection({
      connect: async (signal) => {
        const connected = await this.#connectTo(servers, signal);
        server = connected.server;
        return connected.client;
      },
      say: (line) => this.#show(line),
      texts,
    });
    const connecting = reconnection
      .connect(stopped.signal)
      .then((client) => this.#begin(client, server))
      .finally(() => waited.abort(WAITED));
    connecting.catch(() => {}); // It is awaited below, but may be over before.
    try {
      await this.#prompter.choose(
        texts.waitingFor(
          servers.map(({ hostname, port }) => formatEndpoint(hostname, port))
            .join(", "),
        ),
        [{ value: "stop", label: texts.stopWaiting }],
        AbortSignal.any([signal, waited.signal]),
      );
    } catch (error) {
      if (error !== WAITED) throw error;
    } finally {
      stopped.abort(STOPPED);
      await Promise.allSettled([connecting]);
    }
    await connecting.catch((error) => {
      if (error !== STOPPED) throw error;
    });
  }

  /**
   * A server, and behind it those that stand in for it: if it is one of several,
   * the others in their turn.
   */
  #turnFrom(server: ServerAddress): readonly ServerAddress[] {
    const { servers } = this.#options;
    const at = servers.findIndex(({ hostname, port }) =>
      hostname === server.hostname && port === server.port
    );
    return at === -1
      ? [server]
      : [...servers.slice(at), ...servers.slice(0, at)];
  }

  #connectTo(
    servers: readonly ServerAddress[],
    signal: AbortSignal,
  ): Promise<{ client: Client; server: ServerAddress }> {
    const { connection } = this.#options;
    return connectInTurn(
      servers,
      (server) => Client.connect({ ...connection, ...server, signal }),
    );
  }

  #begin(client: Client, server: ServerAddress): void {
    const texts = this.#texts;
    const lost = new AbortController();
    this.#server = server;
    rememberServer(server);
    this.#connection = {
      client,
      where: formatEndpoint(server.hostname, server.port),
      sinceMs: performance.now(),
      signal: AbortSignal.any([lost.signal, this.#signal]),
    };
    client.receive((message) => this.#show(describeMessage(message, texts)));
    client.closed.then(({ how, why }) => {
      this.#connection = undefined;
      this.#lost = how === "lost" || how === "goodbye";
      const reason = how === "disconnected" ? "" : visibleText(why);
      this.#show(texts.disconnected(reason));
    }).then(() => lost.abort(OVER), (error) => lost.abort(error));
  }

  async #send(client: Client, signal: AbortSignal): Promise<void> {
    const texts = this.#texts;
    // Who is not in the list can be typed.
    const { clients } = await listKnown(client, { signal });
    const others = clients.filter(({ id }) => id !== client.id);
    const [, ...labels] = describeList(others, client.id, texts);
    const suggestions = labels.map((label, i) => ({
      answer: String(others[i]!.id),
      label,
    }));
    const question = {
      text: texts.toNumber,
      check: (answer: string) =>
        isWhole(answer, 0, 0xffffffff)
          ? undefined
          : texts.expectedId(visibleText(answer)),
    };
    const to = Number(
      await this.#prompter.pick(question, suggestions, signal),
    );
    const text = await this.#prompter.ask({ text: texts.text }, signal);
    const delivery = await client.send(to, text, { signal });
    this.#show(
      delivery.delivered
        ? texts.delivered(to, delivery.ms.toFixed(1))
        : texts.notDelivered(to, visibleText(delivery.why)),
    );
  }

  async #measure(client: Client, signal: AbortSignal): Promise<void> {
    const texts = this.#texts;
    const count = Number(
      await this.#prompter.ask({
        text: texts.howMany,
        standard: "100",
        check: (answer) =>
          isWhole(answer, 1, MAX_REQUESTS)
            ? undefined
            : texts.expectedCount(MAX_REQUESTS, visibleText(answer)),
      }, signal),
    );
    const step = Math.ceil(count / 100);
    const result = await burst(client, {
      count,
      command: "time",
      signal,
      onAnswer: (received) => {
        if (received % step !== 0 && received !== count) return;
        this.#prompter.progress(texts.measuring, received, count);
      },
    });
    this.#show(describeBurst(result, texts));
    if (result.failure !== undefined) throw result.failure;
  }

  #show(line: string): void {
    this.#prompter.show(line);
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof ConnectionError || error instanceof RefusedError;
}

/** Whether a text is an IP address, or could be a host's name. */
function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text) || text.includes(":")) return isAddress(text);
  return text.length <= 253 &&
    text.split(".").every((label) => /^[\p{L}\p{N}_-]{1,63}$/u.test(label));
}

function isAddress(text: string): boolean {
  try {
    parseAddress(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a whole number from `min` to `max`. */
function isWhole(text: string, min: number, max: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max;
}

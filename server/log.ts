import { styleText } from "node:util";
import { formatEndpoint } from "../protocol/mod.ts";
import { jsonLine, visibleText } from "../terminal/mod.ts";
import type { ClientOfEvent, ListeningEvent, ServerEvent } from "./events.ts";

/** How a log is written. */
export interface LogOptions {
  /** Lines for people, or one JSON object a line for programs. */
  readonly format: "pretty" | "json";
  /** Whether lines for people have colours. */
  readonly colour: boolean;
  /** Takes each line, without the line feed. */
  readonly write: (line: string) => void;
}

type Colour = "green" | "red" | "yellow" | "dim" | "bold";
type Paint = (colour: Colour, text: string) => string;

/**
 * Makes a log of a server's events, to be given to `serve` as `onEvent`. What
 * clients say is made safe to print.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const log = createLog({
 *   format: "json",
 *   colour: false,
 *   write: (line) => lines.push(line),
 * });
 * log({ event: "closed" });
 * assertEquals(JSON.parse(lines[0]!).event, "closed");
 * ```
 */
export function createLog(options: LogOptions): (event: ServerEvent) => void {
  const { format, write } = options;
  const paint: Paint = options.colour
    ? (colour, text) => styleText(colour, text, { validateStream: false })
    : (_colour, text) => text;
  return format === "json"
    ? (event) => write(jsonLogLine(event, new Date()))
    : (event) => write(prettyLine(event, new Date(), paint));
}

function jsonLogLine(event: ServerEvent, now: Date): string {
  return jsonLine({ time: now.toISOString(), ...event });
}

function prettyLine(event: ServerEvent, now: Date, paint: Paint): string {
  const time = now.toTimeString().slice(0, 8);
  return `${paint("dim", time)}  ${describe(event, paint)}`;
}

function describe(event: ServerEvent, paint: Paint): string {
  switch (event.event) {
    case "listening": {
      const where = formatEndpoint(event.address, event.port);
      const reach = isLoopback(event.address)
        ? " (this machine only; --host 0.0.0.0 opens it)"
        : "";
      const line = `${visibleText(event.name)} listens on ${where}${reach}`;
      const open = openness(event);
      return open === "" ? line : `${line}. ${paint("yellow", open)}`;
    }
    case "not-let-in": {
      const endpoint = formatEndpoint(event.address, event.port);
      const how = `was not let in (${event.how}: ${visibleText(event.why)})`;
      return `${endpoint} ${paint("yellow", how)}`;
    }
    case "connected":
      return `${who(event, paint)} ${paint("green", "connected")} ${
        paint("dim", `(${connected(event.clients)})`)
      }`;
    case "answered": {
      const asked = event.asked === "" ? "" : ` ${event.asked}`;
      const ok = event.status === "ok";
      const answer = visibleText(event.answer);
      return `${who(event, paint)} ${event.command}${asked} → ${
        ok ? answer : paint("yellow", `${event.status}: ${answer}`)
      }`;
    }
    case "left": {
      const orderly = event.how === "goodbye" || event.how === "shutdown";
      const seconds = (event.connectedForMs / 1000).toFixed(1);
      const how = `left (${event.how}: ${visibleText(event.why)})`;
      return `${who(event, paint)} ${paint(orderly ? "green" : "red", how)} ${
        paint("dim", `after ${seconds} s (${connected(event.clients)})`)
      }`;
    }
    case "trouble":
      return paint("red", `trouble: ${visibleText(event.what)}`);
    case "shutting-down":
      return `shutting down: ${visibleText(event.why)} ${
        paint("dim", `(${connected(event.clients)})`)
      }`;
    case "closed":
      return "closed";
  }
}

function who(client: ClientOfEvent, paint: Paint): string {
  const endpoint = formatEndpoint(client.address, client.port);
  return `${paint("bold", `#${client.id}`)} ${endpoint}`;
}

function connected(clients: number): string {
  return `${clients} connected`;
}

/** What others than this machine's users can do, in plain words. */
function openness({ address, tls, tokenWanted }: ListeningEvent): string {
  if (isLoopback(address)) return "";
  const parts = [
    ...(tokenWanted
      ? []
      : ["Anybody who can reach it can connect (--token-file wants a token)"]),
    ...(tls
      ? []
      : ["Anybody on the way can read along (--tls-cert, --tls-key encrypt)"]),
  ];
  return parts.join(". ");
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

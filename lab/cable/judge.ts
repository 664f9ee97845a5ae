import type { Finding } from "../experiment.ts";
import type { CableObservation, Look } from "./observation.ts";

/** What is claimed about a cable that was pulled. */
export type CableClaim =
  /** Neither kernel sees that it was pulled. */
  | "pull-unnoticed"
  /** The client's state changes when it quits. */
  | "quit-changes-client"
  /** No FIN arrives at the server. */
  | "no-fin"
  /** The server's state stays as it was while the cable is out. */
  | "server-unchanged"
  /** Without heartbeats the old connection stays in the list. */
  | "stays-listed"
  /** A message to it is reported not delivered, within the deadline. */
  | "not-delivered"
  /** A message to a client that has quit is reported not delivered. */
  | "quitter-not-delivered"
  /** That makes the server find out, and it leaves the list. */
  | "quitter-leaves"
  /** With heartbeats it leaves the list within the promised time. */
  | "gone-in-time"
  /** A message meanwhile is reported not delivered. */
  | "not-delivered-when-gone"
  /** The client finds out, too, and can connect anew. */
  | "client-finds-out";

/**
 * How much later than promised is still in time, in milliseconds: for a machine
 * that is busy, and for the clock of the heartbeats, which ticks every 50 ms.
 */
export const MARGIN_MS = 1_000;

/** How long it takes to start a program and have it connect, in milliseconds. */
const START_MS = 2_000;

/** Judges what was seen of a cable that was pulled. */
export function judgeCable(
  { without, with: beating }: CableObservation,
): Finding<CableClaim>[] {
  const { looks, quitter, stayer, wire } = without;
  const out = looks.filter(({ outMs }) => outMs !== undefined);
  const pulled = looks.find(({ moment }) => moment === "pulled");
  const quit = looks.find(({ moment }) => moment === "quit");
  const both = [quitter.id, stayer.id];
  const lists = [without.listAtFirst, without.listAtLast, without.listAnew];
  const claims: Partial<Record<CableClaim, boolean>> = {
    "pull-unnoticed": pulled !== undefined &&
      ends(pulled).every((state) => state === "ESTAB"),
    "quit-changes-client": quit?.quitter.client === "FIN-WAIT-1",
    ...(wire.kind === "captured" && { "no-fin": wire.server.fins === 0 }),
    "server-unchanged": out.every(({ quitter, stayer }) =>
      quitter.server === "ESTAB" && stayer.server === "ESTAB"
    ),
    "stays-listed": lists.every(({ others }) =>
      both.every((id) => others.includes(id))
    ),
    "not-delivered": !without.send.delivered &&
      without.send.ms < without.deliveryTimeoutMs + START_MS,
    "quitter-not-delivered": !without.sendToQuitter.delivered,
    "quitter-leaves": !without.listAfter.others.includes(quitter.id),
    "gone-in-time": beating.goneMs <= promisedMs(beating) + MARGIN_MS &&
      !beating.list.others.includes(beating.id),
    "not-delivered-when-gone": !beating.send.delivered,
    "client-finds-out": beating.clientMs <= promisedMs(beating) + MARGIN_MS &&
      beating.again > beating.id,
  };
  return Object.entries(claims).map(([claim, holds]) => ({
    claim: claim as CableClaim,
    holds,
  }));
}

/** How long a peer may be silent, in milliseconds. */
export function promisedMs(
  { pingIntervalMs, pingTimeoutMs }: CableObservation["with"],
): number {
  return pingIntervalMs + pingTimeoutMs;
}

function ends({ quitter, stayer }: Look): string[] {
  return [quitter, stayer].flatMap(({ server, client }) => [server, client]);
}

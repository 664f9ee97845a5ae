/**
 * What both languages say of the observation in the same words: figures with
 * their unit, and TCP's and Parley's own terms.
 *
 * @module
 */

import type { Look, WithoutHeartbeats } from "./observation.ts";

/** A time in seconds, with one digit behind the point where there is need. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 1)} s`;
}

/** When something happened, as seconds since it did so first: `0.0, 0.2, 0.4`. */
export function moments(times: readonly number[]): string {
  return times.map((ms) => ((ms - times[0]!) / 1000).toFixed(1)).join(", ");
}

/** How long a kernel goes on sending to a neighbour that it hears nothing of. */
const NEIGHBOUR_MS = 60_000;

/** Whether nothing was sent again at the end, though TCP had not given up. */
export function quietAtLast({ wire, outMs }: WithoutHeartbeats): boolean {
  if (wire.kind !== "captured") return false;
  const last = wire.server.messagesMs.at(-1);
  return last !== undefined && outMs - last > NEIGHBOUR_MS;
}

/** How a message ended: `delivered`, or why not, as a status's name. */
export function outcome(send: { delivered: boolean; reason?: string }): string {
  return send.delivered ? "delivered" : send.reason ?? "not delivered";
}

/** The looks at the sockets while the cable was out. */
export function looksOut({ looks }: WithoutHeartbeats): Look[] {
  return looks.filter(({ outMs }) => outMs !== undefined);
}

/** The states that the server's end was in while the cable was out. */
export function serverStates(without: WithoutHeartbeats): string[] {
  return [...new Set(looksOut(without).map(({ quitter }) => quitter.server))];
}

/** The state that the client's end was in when the client had quit. */
export function clientAfterQuit({ looks }: WithoutHeartbeats): string {
  return looks.find(({ moment }) => moment === "quit")?.quitter.client ?? "?";
}

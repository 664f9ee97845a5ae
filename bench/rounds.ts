import type { Result } from "./job.ts";
import type { Peer } from "./peers.ts";
import { type Duration, runOnce } from "./run.ts";
import { type Measured, summarize } from "./summary.ts";
import type { Work } from "./works.ts";

/**
 * Measures everything in rounds, each round all of it, so that what else happens
 * on the machine falls on all.
 *
 * @param isPresent Who can be measured; of the others a work's result says
 * nothing.
 */
export async function measureRounds(
  works: readonly Work[],
  isPresent: (peer: Peer) => boolean,
  rounds: number,
  duration: Duration,
): Promise<Measured[]> {
  const results = new Map<Work, Map<Peer, Result[]>>();
  for (const work of works) {
    const peers = work.peers.filter(isPresent);
    results.set(work, new Map(peers.map((peer) => [peer, []])));
  }
  for (let round = 1; round <= rounds; round++) {
    for (const [work, byPeer] of results) {
      for (const [peer, list] of byPeer) {
        console.error(`${round}/${rounds}  ${work.name}  ${peer.name}`);
        list.push(await runOnce(work, peer, duration));
      }
    }
  }
  return [...results].map(([work, byPeer]) => summarize(work, byPeer));
}

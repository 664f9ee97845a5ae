import {
  ClusterError,
  type Join,
  type JoinCluster,
  type LocalNode,
} from "../server/cluster.ts";
import type { Bus } from "./bus.ts";
import { ClusterOfNodes } from "./cluster_of_nodes.ts";
import { natsBus, type NatsOptions } from "./nats_bus.ts";

export type { JoinCluster, NatsOptions };

/** What a batch needs besides a text and its sender, in bytes. */
const BATCH_MARGIN = 1024;
/** A text is half of what NATS takes at most: a batch may have begun already. */
const BATCH_SHARE = 2;
/** How much NATS has to take at once, in bytes: what a node says of itself. */
const LEAST_PAYLOAD = 64 * 1024;

/**
 * Has a server join a cluster by NATS: what `serve` takes as `join`. All servers
 * that name the same NATS and the same cluster act as one.
 *
 * `serve` rejects with a `ClusterError` if NATS cannot be reached, has no
 * JetStream, or does not take as much at once as texts may have.
 *
 * @example Usage
 * ```ts ignore
 * import { serve } from "@parley/parley";
 * import { joinCluster } from "@parley/parley/cluster";
 *
 * const join = joinCluster({ servers: ["127.0.0.1:4222"], cluster: "lab" });
 * await using server = await serve({ port: 2203, name: "lab-1", join });
 * ```
 */
export function joinCluster(options: NatsOptions): JoinCluster {
  const join: Join = async (node) => {
    const bus = await natsBus(options);
    try {
      checkSizes(node, bus);
      return await ClusterOfNodes.join(node, bus, options.cluster);
    } catch (error) {
      await bus[Symbol.asyncDispose]();
      if (error instanceof ClusterError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new ClusterError(`Cannot join the cluster: ${why}`);
    }
  };
  return join;
}

function checkSizes({ limits }: LocalNode, { maxPayload }: Bus): void {
  if (maxPayload < LEAST_PAYLOAD) {
    throw new ClusterError(
      `Expected NATS to take at least ${LEAST_PAYLOAD} bytes at once, it takes ` +
        `${maxPayload}; set max_payload of nats-server`,
    );
  }
  const most = Math.floor(maxPayload / BATCH_SHARE) - BATCH_MARGIN;
  if (limits.maxText <= most) return;
  throw new ClusterError(
    `Expected a longest text of at most ${most} bytes, as NATS takes ` +
      `${maxPayload} at once, got ${limits.maxText}; set --max-text, or ` +
      "max_payload of nats-server",
  );
}

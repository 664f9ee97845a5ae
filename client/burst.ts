import type { Client } from "./client.ts";

/** What to ask for, how often. */
export interface BurstOptions {
  /** How many requests to send at once. */
  readonly count: number;
  /** What to ask for. */
  readonly command: "time" | "name";
  /** Stops waiting for answers. */
  readonly signal: AbortSignal;
  /** Called when an answer has come, with how many have. */
  readonly onAnswer?: (received: number) => void;
}

/** What became of many requests at once. */
export interface BurstResult {
  /** How many requests were sent. */
  readonly sent: number;
  /** How many were answered with what was asked for. */
  readonly received: number;
  /**
   * How many reads of the socket brought the answers. TCP joins what is sent,
   * so that these are fewer than the answers.
   */
  readonly reads: number;
  /** From the first request to the last answer, in milliseconds. */
  readonly ms: number;
  /** Why the first that was not answered was not. */
  readonly failure?: unknown;
}

/**
 * Sends many requests at once and counts the answers. Rejects with the signal's
 * reason if it is aborted before all have come.
 */
export async function burst(
  client: Client,
  { count, command, signal, onAnswer }: BurstOptions,
): Promise<BurstResult> {
  signal.throwIfAborted();
  let received = 0;
  let failure: unknown;
  const readsBefore = client.reads;
  const startMs = performance.now();
  // One listener for all: a signal takes out one of 20,000 by looking at each.
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  const answers = Array.from({ length: count }, async () => {
    try {
      await client[command]();
      received++;
      onAnswer?.(received);
    } catch (error) {
      failure ??= error;
    }
  });
  await Promise.race([Promise.all(answers), aborted])
    .finally(() => signal.removeEventListener("abort", abort));
  return {
    sent: count,
    received,
    reads: client.reads - readsBefore,
    ms: performance.now() - startMs,
    failure,
  };
}

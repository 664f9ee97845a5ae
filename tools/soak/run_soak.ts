import type { LedgerSummary } from "../ledger.ts";
import { Programs } from "../programs.ts";
import { Crowd } from "./crowd.ts";
import { Disturbance } from "./disturbance.ts";
import { Findings } from "./findings.ts";
import { Listeners } from "./listeners.ts";
import type { Observations, Occupancy, Sample } from "./observations.ts";
import { pause } from "../pause.ts";
import { Post } from "./post.ts";
import { Probe } from "./probe.ts";
import { ServerProcess } from "./server_process.ts";
import { Tally } from "./tally.ts";
// The file is the token, quotes and all: one that may be imported, and so needs
// no permission to be read.
import quoted from "./token.json" with { type: "json" };

const TOKEN = new TextEncoder().encode(JSON.stringify(quoted));
const TOKEN_FILE = new URL("token.json", import.meta.url);

const SERVER_NAME = "soak";
const CLIENTS = 200;
const LISTENERS = 4;
const MAX_TEXT = 16 * 1024;

/**
 * Short times and narrow limits, so that all of them are reached all the time;
 * yet not so short that a busy machine alone makes clients miss them.
 */
const SERVER_FLAGS: Readonly<Record<string, string | number>> = {
  "name": SERVER_NAME,
  "ping-interval": 1,
  "ping-timeout": 2,
  "stall-timeout": 2,
  "frame-timeout": 2,
  "login-timeout": 3,
  // All come from one address: whoever is locked out locks out everybody.
  "lockout": 0.1,
  "delivery-timeout": 1,
  "drain-timeout": 2,
  "max-clients": 2 * CLIENTS,
  "max-text": MAX_TEXT,
  "max-queue": 64 * 1024,
  "max-unconfirmed": 64,
  "max-unanswered": 256,
  "max-rate": 2000,
};

const SAMPLE_MS = 1_000;
const PROGRESS_MS = 5_000;
/** How long the server has to get over it all, in milliseconds. */
const AFTERMATH_MS = 10_000;
/** How often it is looked at meanwhile. */
const LOOK_MS = 100;
/** How long it may take to end, in milliseconds. */
const END_MS = 15_000;

/** How a soak goes. */
export interface Progress {
  /** How long the server has been disturbed, in milliseconds. */
  readonly atMs: number;
  /** How many clients that behave are connected. */
  readonly clients: number;
  /** How many sends there were a second, since the last progress. */
  readonly sendsPerSecond: number;
  /** The ledgers' sums. */
  readonly summary: LedgerSummary;
  /** The server's resident memory, in bytes. */
  readonly rssBytes: number;
  /** How many file descriptors the server has open. */
  readonly fds: number;
  /** How much of one processor the server needed since then: 1 is all of it. */
  readonly serverLoad: number;
  /** How much the soak itself needed, likewise. */
  readonly ownLoad: number;
  /** What was done to the server since then, and what came of it. */
  readonly done: Readonly<Record<string, number>>;
}

/** What a soak can be told. */
export interface SoakOptions {
  /** How long the server is disturbed, in milliseconds. */
  readonly durationMs: number;
  /** What all chance comes from. */
  readonly seed: string;
  /** Ends it early when aborted. */
  readonly signal: AbortSignal;
  /** Is told every few seconds how it goes. */
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Disturbs one server process in every way at once, while two hundred clients
 * behave, and ends it; tells what was seen.
 *
 * @throws {StartError} If the server does not start.
 */
export async function runSoak(options: SoakOptions): Promise<Observations> {
  const { durationMs, seed, signal, onProgress } = options;
  const programs = Programs.fromSources();
  const flags = Object.entries(SERVER_FLAGS)
    .flatMap(([name, value]) => [`--${name}`, String(value)]);
  const tokenFile = decodeURIComponent(TOKEN_FILE.pathname);
  await using server = await ServerProcess.start(
    programs,
    [...flags, "--token-file", tokenFile],
  );
  const { port, log } = server;
  const messages = new Findings();
  const dropped = new Findings();
  const wrong = new Findings();
  const tally = new Tally();

  const probe = await Probe.start(port, TOKEN);
  const post = new Post({
    findings: messages,
    takenBy: (fromMs) => probe.takenBy(fromMs),
  });
  const crowd = await Crowd.gather({
    ...{ port, token: TOKEN, serverName: SERVER_NAME, size: CLIENTS },
    ...{ maxText: MAX_TEXT, seed, post, tally, dropped, wrong },
  });
  await pause(LOOK_MS);
  const occupancy = async (): Promise<Occupancy | undefined> => {
    // The probe is a client, too.
    const clients = 1 + crowd.numbers.length;
    const look = await server.look();
    return look && { fds: look.fds, clients };
  };
  const before = await occupancy() ?? { fds: 0, clients: 0 };

  const startMs = performance.now();
  const samples: Sample[] = [];
  const measuring = measure();
  const disturbance = new Disturbance({
    ...{ port, token: TOKEN, maxText: MAX_TEXT },
    ...{ seed, crowd, post, tally, wrong },
  });
  const listeners = new Listeners({
    ...{ programs, port, tokenFile, size: LISTENERS, interrupted: signal },
    ...{ seed, crowd, post, tally, wrong },
  });
  await Promise.race([server.ended, pause(durationMs, signal)]);
  const elapsedMs = performance.now() - startMs;
  const told = server.running;
  if (!told) crowd.expectGoodbye();
  await Promise.all([disturbance.end(), listeners.end()]);

  const list = await settle(
    compareList,
    ({ missing, extra }) => missing.length === 0 && extra.length === 0,
  );
  const free = before.fds - before.clients;
  const after = await settle(
    occupancy,
    ({ fds, clients }) => fds - clients <= free,
  );

  probe.stop();
  crowd.expectGoodbye();
  const toldMs = performance.now();
  server.quit();
  const status = await Promise.race([
    server.ended,
    pause(END_MS).then(() => undefined),
  ]);
  const tookMs = performance.now() - toldMs;
  measuring.stop();
  if (status === undefined) server.kill();
  await crowd.end();
  return {
    elapsedMs,
    summary: post.ledgers.summary(),
    ledgerFaults: post.ledgers.faults(),
    ...{ messages, dropped, wrong, samples, before, after, list, log },
    probe: {
      ...probe.result,
      gaps: probe.result.gaps
        .map(({ atMs, ms }) => ({ atMs: atMs - startMs, ms })),
    },
    end: status && { code: status.code, told, tookMs },
    done: tally.all,
  };

  /** Asks again and again, until the answer is good or the time is over. */
  async function settle<T>(
    ask: () => Promise<T | undefined>,
    isGood: (answer: T) => boolean,
  ): Promise<T | undefined> {
    const untilMs = performance.now() + AFTERMATH_MS;
    for (;;) {
      const answer = server.running ? await ask() : undefined;
      if (
        answer === undefined || isGood(answer) || performance.now() > untilMs
      ) return answer;
      await pause(LOOK_MS);
    }
  }

  async function compareList() {
    try {
      const listed = new Set(
        (await probe.client.list()).map(({ id }) => id),
      );
      const connected = new Set([probe.client.id, ...crowd.numbers]);
      return {
        missing: [...connected.difference(listed)],
        extra: [...listed.difference(connected)],
      };
    } catch {
      // The probe says why.
      return undefined;
    }
  }

  /** Looks at the server every second, and tells of it every few. */
  function measure(): { stop(): void } {
    let lastMs = startMs;
    let last = { sent: 0, cpuMs: 0, ownCpuMs: 0 };
    let nextMs = startMs + PROGRESS_MS;
    const timer = setInterval(async () => {
      const look = await server.look();
      const own = await server.lookAtOneself();
      if (look === undefined || own === undefined) return;
      const nowMs = performance.now();
      const { rssBytes, fds, cpuMs } = look;
      const waitedMs = look.waitedMs + own.waitedMs;
      samples.push({ atMs: nowMs - startMs, rssBytes, waitedMs });
      if (nowMs < nextMs) return;
      nextMs += PROGRESS_MS;
      post.tidy();
      const summary = post.ledgers.summary();
      const spanMs = nowMs - lastMs;
      onProgress({
        atMs: nowMs - startMs,
        clients: crowd.numbers.length,
        sendsPerSecond: (summary.sent - last.sent) / spanMs * 1000,
        ...{ summary, rssBytes, fds },
        serverLoad: (cpuMs - last.cpuMs) / spanMs,
        ownLoad: (own.cpuMs - last.ownCpuMs) / spanMs,
        done: tally.takeNew(),
      });
      lastMs = nowMs;
      last = { sent: summary.sent, cpuMs, ownCpuMs: own.cpuMs };
    }, SAMPLE_MS);
    return { stop: () => clearInterval(timer) };
  }
}

/**
 * What clients do that do not behave. Each goes on for a few seconds at the most
 * and ends by itself; what the server owes even to them is checked.
 *
 * @module
 */

import {
  authenticate,
  Command,
  empty,
  encodedPayload,
  encodeFrame,
  fault,
  type FrameHeader,
  FrameType,
  goodbye,
  GoodbyeReason,
  send,
  Status,
} from "../../protocol/mod.ts";
import type { Crowd } from "./crowd.ts";
import type { Findings } from "./findings.ts";
import { pause } from "../pause.ts";
import { type Addressee, type Post, STRAY } from "./post.ts";
import type { Random } from "./random.ts";
import { isClosed, Stranger } from "./stranger.ts";
import type { Tally } from "./tally.ts";

/** How long something is kept up, in milliseconds. */
const STUBBORN_MS = 4_500;
/** The server must have closed so long after that. */
const OVERDUE_MS = 5_000;
/** So many requests get their answers before a side is closed. */
const HALF_CLOSED_REQUESTS = 200;

const HOSTILE_TEXT = "\x1b[2J\x1b]0;owned\x07 \r\n\x9b31m \u202etxt\0 \u2028";
const encoder = new TextEncoder();

/** Where a nuisance happens. */
export interface Site {
  /** The server's port. */
  readonly port: number;
  /** The server's token. */
  readonly token: Uint8Array;
  /** The longest text that the server takes, in bytes. */
  readonly maxText: number;
  /** The chance of this one nuisance. */
  readonly random: Random;
  /** A name for whoever takes part in letters. */
  readonly name: string;
  /** Those who behave. */
  readonly crowd: Crowd;
  /** Where letters are entered. */
  readonly post: Post;
  /** Counts what has become of them. */
  readonly tally: Tally;
  /** What the server did wrong. */
  readonly wrong: Findings;
}

/** Something that a client does. */
export type Nuisance = (site: Site) => Promise<void>;

/** All of them by their names; each with its share of the chances. */
export const NUISANCES: Readonly<
  Record<string, { readonly share: number; readonly nuisance: Nuisance }>
> = {
  storm: { share: 50, nuisance: storm },
  deaf: { share: 6, nuisance: (site) => deaf(site, false) },
  "deaf-talker": { share: 6, nuisance: (site) => deaf(site, true) },
  mute: { share: 6, nuisance: mute },
  "confirms-twice": { share: 6, nuisance: confirmsTwice },
  slowloris: { share: 8, nuisance: slowloris },
  garbage: { share: 8, nuisance: garbage },
  "random-frames": { share: 8, nuisance: randomFrames },
  "flood-unread": { share: 5, nuisance: floodUnread },
  "half-closed": { share: 5, nuisance: halfClosed },
  "wrong-tokens": { share: 4, nuisance: wrongTokens },
  reset: { share: 4, nuisance: reset },
  "hostile-goodbye": { share: 4, nuisance: hostileGoodbye },
  "cut-short": { share: 4, nuisance: cutShort },
};

/**
 * Commits one. That the server closes the connection is what it may do at any
 * time; that it sends what is not the protocol, or anything else, is not.
 */
export async function commit(nuisance: Nuisance, site: Site): Promise<void> {
  try {
    await nuisance(site);
  } catch (error) {
    if (isClosed(error)) site.tally.add("broken-off");
    else site.wrong.add(`${site.name} met with ${error}`);
  }
}

/** Many connect at once; some of them are let in, none stays. */
async function storm(site: Site): Promise<void> {
  const { random } = site;
  const visits = Array.from(
    { length: random.between(30, 150) },
    () =>
      random.pick([
        () => Promise.resolve(),
        async (visitor: Stranger) => void await visitor.next(),
        // With the hello unread, to close is to reset.
        () => pause(random.between(50, 500)),
        async (visitor: Stranger) => {
          await visitor.enter(site.token);
          await takeLeave(site, visitor, "leaving");
        },
      ]),
  );
  await Promise.all(visits.map((visit) =>
    commit(async () => {
      using visitor = await Stranger.connect(site.port);
      await visit(visitor);
    }, site)
  ));
}

/**
 * Reads nothing, while letters come. One that is quiet besides must be dropped;
 * one that talks need not be, if the network takes all that comes.
 */
async function deaf(site: Site, talks: boolean): Promise<void> {
  const { crowd, maxText, random } = site;
  using stranger = await Stranger.connect(site.port);
  await asAddressee(site, stranger, async (self) => {
    crowd.pelt(random, self, random.between(100, 400), maxText);
    const untilMs = performance.now() + STUBBORN_MS;
    while (performance.now() < untilMs) {
      await pause(200);
      if (talks) await stranger.write(pingFrame(0));
    }
    if (!talks) await mustBeClosed(site, stranger, "read nothing");
  });
}

/** Reads, and answers neither letters nor pings. */
async function mute(site: Site): Promise<void> {
  using stranger = await Stranger.connect(site.port);
  await asAddressee(site, stranger, async (self) => {
    site.crowd.pelt(site.random, self, 10, 100);
    await mustBeClosed(site, stranger, "answered nothing");
  });
}

/** Confirms everything twice, and things that nobody sent. */
async function confirmsTwice(site: Site): Promise<void> {
  const { crowd, post, random } = site;
  using stranger = await Stranger.connect(site.port);
  await asAddressee(site, stranger, async (self) => {
    crowd.pelt(random, self, 50, 100);
    const untilMs = performance.now() + random.between(500, 3_000);
    while (performance.now() < untilMs) {
      const frame = await stranger.next();
      if (frame === undefined) return;
      const { type, command, id, payload } = frame;
      if (type !== FrameType.indication || id === 0) continue;
      if (command === Command.message) {
        const from = new DataView(payload.buffer).getUint32(0);
        // An address of IPv4 stands before the text.
        const text = new TextDecoder("utf-8", { ignoreBOM: true })
          .decode(payload.subarray(11));
        post.take(self.name, from, text);
      }
      const header = { type: FrameType.response, command, status: 0 };
      const yes = [id, id, id + 100_000].map((id) =>
        encodeFrame({ ...header, id }, empty, undefined)
      );
      for (const frame of yes) await stranger.write(frame);
    }
  });
}

/** Sends a frame one byte after the other, before the token or behind it. */
async function slowloris(site: Site): Promise<void> {
  const { random, token } = site;
  using stranger = await Stranger.connect(site.port);
  if (random.chance(0.6)) await stranger.enter(token);
  const frame = encodeFrame(
    { type: FrameType.request, command: Command.send, status: 0, id: 1 },
    encodedPayload,
    new Uint8Array(1000),
  );
  const untilMs = performance.now() + STUBBORN_MS;
  for (let at = 0; performance.now() < untilMs; at++) {
    await stranger.write(frame.subarray(at, at + 1));
    await pause(random.between(50, 400));
  }
  await mustBeClosed(site, stranger, "sent a frame byte by byte");
}

/** Sends what is not the protocol. */
async function garbage(site: Site): Promise<void> {
  const { random } = site;
  using stranger = await Stranger.connect(site.port);
  if (random.chance(0.5)) await stranger.enter(site.token);
  const closed = mustBeClosed(site, stranger, "sent garbage");
  const start = random.pick([
    "",
    "PY",
    "PY\x01",
    "PY\x01\x01",
    "GET / HTTP/1.1",
  ]);
  await stranger.write(encoder.encode(start));
  for (let i = random.between(1, 16); i > 0; i--) {
    await stranger.write(random.bytes(32 * 1024));
  }
  await closed;
}

/** Sends frames whose headers are right, and little else. */
async function randomFrames(site: Site): Promise<void> {
  const { crowd, random, token } = site;
  using stranger = await Stranger.connect(site.port);
  if (random.chance(0.9)) await stranger.enter(token);
  const reading = stranger.drain().catch((error) => {
    if (!isClosed(error)) throw error;
  });
  const { numbers } = crowd;
  const fatal: readonly number[] = random.chance(0.5)
    ? []
    : [Command.goodbye, Command.error, Command.ping];
  for (let i = random.between(10, 1000); i > 0; i--) {
    const command = random.below(14);
    const type = random.pick(Object.values(FrameType));
    if (type === FrameType.indication && fatal.includes(command)) continue;
    const header = {
      type,
      command,
      status: random.pick([0, 0, 1, random.below(65536)]),
      id: random.pick([0, random.below(100), random.below(2 ** 32)]),
    };
    const isLetter = command === Command.send && random.chance(0.5) &&
      numbers.length > 0;
    await stranger.write(
      isLetter
        ? encodeFrame(header, send, {
          to: random.pick(numbers),
          text: encoder.encode(`${STRAY}${"x".repeat(random.below(300))}`),
        })
        : encodeFrame(header, encodedPayload, random.bytes(random.below(40))),
    );
  }
  await Promise.race([reading, pause(1_000)]);
}

/** Asks for more than it ever reads. */
async function floodUnread(site: Site): Promise<void> {
  const { random } = site;
  using stranger = await Stranger.connect(site.port);
  await stranger.enter(site.token);
  const command = random.pick([Command.time, Command.name, Command.list]);
  const one = command === Command.list
    ? encodeFrame(requestHeader(command), encodedPayload, new Uint8Array(6))
    : encodeFrame(requestHeader(command), empty, undefined);
  const many = new Uint8Array(one.length * random.between(2_000, 20_000));
  for (let at = 0; at < many.length; at += one.length) many.set(one, at);
  // The server stops reading at some time, so this may never end.
  await Promise.race([stranger.write(many), pause(STUBBORN_MS)]);
  await pause(random.between(0, 2_000));
}

/** Asks, closes its sending side, and must get all its answers. */
async function halfClosed(site: Site): Promise<void> {
  using stranger = await Stranger.connect(site.port);
  await stranger.enter(site.token);
  for (let id = 1; id <= HALF_CLOSED_REQUESTS; id++) {
    await stranger.ask(site.random.pick([Command.time, Command.name]), id);
  }
  await stranger.closeWrite();
  const missing = new Set(
    Array.from({ length: HALF_CLOSED_REQUESTS }, (_, i) => i + 1),
  );
  for (;;) {
    const frame = await stranger.next();
    if (frame === undefined) break;
    if (frame.type !== FrameType.response) continue;
    if (missing.delete(frame.id) && frame.status === Status.ok) continue;
    site.wrong.add(
      `Somebody who half closed got answer ${frame.id} twice, or refused`,
    );
  }
  if (missing.size === 0) return;
  site.wrong.add(
    `Somebody who half closed did not get ${missing.size} of its answers`,
  );
}

/** Tries tokens; after three wrong ones in a row it is locked out. */
async function wrongTokens(site: Site): Promise<void> {
  const { random } = site;
  using stranger = await Stranger.connect(site.port);
  for (let id = random.between(1, 4); id > 0; id--) {
    const token = random.bytes(random.pick([0, 1, 16, 1024, 1500]));
    await stranger.ask(Command.authenticate, id, authenticate, token);
  }
  for (;;) {
    const frame = await stranger.next();
    if (frame === undefined) return;
    if (frame.command === Command.authenticate) {
      if (frame.status === Status.wrongToken) site.tally.add("refused-token");
      else site.wrong.add(`A wrong token got status ${frame.status}`);
    } else if (frame.command === Command.goodbye) {
      const reason = frame.payload[1];
      if (reason === GoodbyeReason.lockedOut) site.tally.add("lockout");
    }
  }
}

/** Asks, and resets the connection before the answers are read. */
async function reset(site: Site): Promise<void> {
  using stranger = await Stranger.connect(site.port);
  await stranger.enter(site.token);
  for (let id = 1; id <= 20; id++) await stranger.ask(Command.name, id);
  await pause(site.random.between(0, 100));
}

/** Takes its leave, or complains, in words that a terminal could obey. */
async function hostileGoodbye(site: Site): Promise<void> {
  using stranger = await Stranger.connect(site.port);
  await stranger.enter(site.token);
  if (site.random.chance(0.5)) {
    return await takeLeave(site, stranger, HOSTILE_TEXT);
  }
  const { indication: type } = FrameType;
  await stranger.write(
    encodeFrame(
      { type, command: Command.error, status: 0, id: 0 },
      fault,
      { code: 1, offset: 0, text: HOSTILE_TEXT },
    ),
  );
  await stranger.drain();
}

/** Closes, or closes its sending side only, in the middle of a frame. */
async function cutShort(site: Site): Promise<void> {
  const { random } = site;
  using stranger = await Stranger.connect(site.port);
  await stranger.enter(site.token);
  const frame = encodeFrame(
    requestHeader(Command.send),
    encodedPayload,
    new Uint8Array(100),
  );
  await stranger.write(frame.subarray(0, random.between(1, frame.length - 1)));
  if (random.chance(0.5)) return;
  await stranger.closeWrite();
  await stranger.drain();
}

/** Has a stranger let in, who can be written to while `during` lasts. */
async function asAddressee(
  { name, post, token }: Site,
  stranger: Stranger,
  during: (self: Addressee) => Promise<void>,
): Promise<void> {
  const number = await stranger.enter(token);
  const self = { name, number, prompt: false };
  post.join(self);
  try {
    await during(self);
  } finally {
    post.leave(self);
  }
}

/** Says goodbye, which must be answered, and waits until the server closes. */
async function takeLeave(
  { name, wrong }: Site,
  stranger: Stranger,
  text: string,
): Promise<void> {
  const header = { command: Command.goodbye, status: 0, id: 9 };
  await stranger.write(
    encodeFrame(
      { type: FrameType.indication, ...header },
      goodbye,
      { reason: GoodbyeReason.leaving, text },
    ),
  );
  let answered = false;
  try {
    for (;;) {
      const frame = await stranger.next();
      if (frame === undefined) return;
      const { type, command, id } = frame;
      answered ||= type === FrameType.response &&
        command === header.command && id === header.id;
    }
  } finally {
    if (!answered) wrong.add(`${name} said goodbye, and got no answer`);
  }
}

/** Waits until the server has closed, and complains if it does not. */
async function mustBeClosed(
  { name, wrong }: Site,
  stranger: Stranger,
  why: string,
): Promise<void> {
  const draining = stranger.drain().then(() => true, (error) => {
    if (isClosed(error)) return !stranger.timeIsOver;
    throw error;
  });
  const patience = new AbortController();
  const late = pause(STUBBORN_MS + OVERDUE_MS, patience.signal);
  const closed = await Promise.race([draining, late.then(() => false)]);
  patience.abort();
  if (!closed) wrong.add(`${name} ${why}, and was not dropped`);
}

function requestHeader(command: number): FrameHeader {
  return { type: FrameType.request, command, status: 0, id: 1 };
}

function pingFrame(id: number): Uint8Array {
  return encodeFrame(
    { type: FrameType.indication, command: Command.ping, status: 0, id },
    empty,
    undefined,
  );
}

import {
  Command,
  encodedPayload,
  fault,
  FrameType,
  goodbye,
  send,
} from "../../protocol/mod.ts";
import { frameOf, type RawHeader, sendPayload } from "../server/raw_peer.ts";

/** What somebody sends who knows the protocol, and does not keep to it. */
export interface RandomVisit {
  /** The bytes, in pieces of any size. */
  readonly writes: readonly Uint8Array[];
  /** How many of the inputs are answered, whatever comes behind them. */
  readonly answers: number;
  /** How many more may be: messages whose end may come too late. */
  readonly maybeAnswered: number;
}

/** One frame, or at the end of a visit a burst of something else. */
interface Input {
  readonly bytes: Uint8Array;
  readonly answered: "always" | "maybe" | "never";
}

/**
 * Makes a visit of `inputs` inputs, the same for the same seed. After the last,
 * and no other, the server has reason to close. `receiver` is the number of
 * somebody who can be sent to.
 */
export function randomVisit(
  seed: number,
  inputs: number,
  receiver: number,
): RandomVisit {
  const random = new Random(seed);
  const all = Array.from(
    { length: inputs - 1 },
    () => randomFrame(random, receiver),
  );
  all.push(randomEnd(random));
  const count = (wanted: Input["answered"]) =>
    all.filter(({ answered }) => answered === wanted).length;
  return {
    writes: chopped(random, all.map(({ bytes }) => bytes)),
    answers: count("always"),
    maybeAnswered: count("maybe"),
  };
}

/** Numbers that look like chance, the same for the same seed. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 to `end` - 1. (This is mulberry32.) */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return Math.floor(((z ^ (z >>> 14)) >>> 0) / 2 ** 32 * end);
  }

  of<T>(...choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  uint32(): number {
    return this.below(2 ** 32);
  }

  bytes(maxSize: number): Uint8Array {
    const size = this.below(maxSize + 1);
    return Uint8Array.from({ length: size }, () => this.below(256));
  }

  /** A text that has everything in it which a terminal would obey. */
  text(): string {
    return String.fromCharCode(...this.bytes(40));
  }
}

function frame(header: RawHeader, payload: Uint8Array): Uint8Array {
  return frameOf(header, encodedPayload, payload);
}

/** A frame that may be nonsense, and after which the server goes on. */
function randomFrame(random: Random, receiver: number): Input {
  const id = random.uint32();
  const status = random.of(0, random.below(2 ** 16));
  switch (random.below(8)) {
    case 0: {
      const header = { command: Command.send, id };
      const value = sendPayload(receiver, random.text());
      return { bytes: frameOf(header, send, value), answered: "maybe" };
    }
    case 1: {
      const type = FrameType.response;
      const command = random.of(random.below(12), random.below(2 ** 16));
      const bytes = frame({ type, command, status, id }, random.bytes(64));
      return { bytes, answered: "never" };
    }
    case 2: {
      const header = {
        type: FrameType.indication,
        command: random.of<number>(
          Command.hello,
          Command.message,
          11 + random.below(1000),
        ),
        status,
        id,
      };
      return { bytes: frame(header, random.bytes(64)), answered: "never" };
    }
    case 3: {
      const type = FrameType.indication;
      const bytes = frameOf({ type, command: Command.ping, status, id });
      return { bytes, answered: id === 0 ? "never" : "always" };
    }
    default: {
      // Nobody has the number that this may be taken for.
      const payload = Uint8Array.of(0xff, ...random.bytes(64));
      const command = random.of(random.below(12), random.below(2 ** 16));
      const bytes = frame(
        { command, status, id },
        random.of(payload, payload.subarray(1, 1 + random.below(4))),
      );
      return { bytes, answered: "always" };
    }
  }
}

/** A fault that the server must see, a goodbye, or nothing. */
function randomEnd(random: Random): Input {
  return { bytes: randomEndBytes(random), answered: "never" };
}

function randomEndBytes(random: Random): Uint8Array {
  const type = FrameType.indication;
  const text = random.text();
  const question = frame({ command: random.below(12) }, random.bytes(64));
  switch (random.below(10)) {
    case 0:
      return Uint8Array.of(
        random.of(0, 0x0a, 0x16, 0x47),
        ...random.bytes(512),
      );
    case 1:
      return Uint8Array.of(0x50, random.below(0x59), ...random.bytes(512));
    case 2:
      return question.fill(2 + random.below(254), 2, 3);
    case 3:
      return question.fill(4 + random.below(252), 3, 4);
    case 4:
      return question.fill(1 + random.below(255), 12, 13);
    case 5:
      return question.subarray(0, 1 + random.below(question.length - 1));
    case 6: {
      const command = random.of(Command.goodbye, Command.error);
      const invalid = [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x61, 0xff];
      return frame({ type, command }, Uint8Array.from(invalid));
    }
    case 7:
      return frame({ type, command: Command.ping }, Uint8Array.of(0));
    case 8: {
      const value = { reason: random.below(2 ** 16), text };
      return frameOf({ type, command: Command.goodbye, id: 0 }, goodbye, value);
    }
    default: {
      const value = { code: random.below(2 ** 16), offset: 0, text };
      return frameOf({ type, command: Command.error, id: 0 }, fault, value);
    }
  }
}

/** All of it in one piece, or in a few that begin and end anywhere. */
function chopped(
  random: Random,
  parts: readonly Uint8Array[],
): Uint8Array[] {
  const whole = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  const cuts = Array.from(
    { length: random.of(0, random.below(8)) },
    () => random.below(whole.length),
  ).sort((a, b) => a - b);
  return [0, ...cuts].map((cut, i) => whole.subarray(cut, cuts[i]));
}

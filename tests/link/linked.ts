/**
 * A link in a test's hands.
 *
 * @module
 */

import { assert } from "@std/assert";
import {
  type ExpiryQueue,
  type GiveUpReason,
  Link,
  type LinkEnd,
  type LinkOptions,
  Question,
} from "../../link/mod.ts";
import {
  Command,
  empty,
  encodeFrame,
  type Encoder,
  type Frame,
  FrameType,
} from "../../protocol/mod.ts";
import { within } from "../server/within.ts";
import { FakeTime } from "./fake_time.ts";
import { pipe, type PipeEnd, type PipeEndOptions } from "./pipe.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/** What the links here accept. */
export const limits = { maxPayload: 1_000 };

/** A link on one end of a pipe, and the other end in the test's hands. */
export function linked(
  options: Partial<LinkOptions> = {},
  near?: PipeEndOptions,
  far?: PipeEndOptions,
): [link: Link, peer: PipeEnd, own: PipeEnd] {
  const [own, peer] = pipe(near, far);
  return [new Link({ transport: own, limits, ...options }), peer, own];
}

/** The bytes of a frame. */
export function frame<T>(
  type: FrameType,
  command: number,
  id: number,
  encoder: Encoder<T>,
  value: T,
  status = 0,
): Uint8Array {
  return encodeFrame({ type, command, status, id }, encoder, value);
}

/** The bytes of a request without a payload. */
export function request(
  id: number,
  command: number = Command.name,
): Uint8Array {
  return frame(FrameType.request, command, id, empty, undefined);
}

/** All of `parts`, one behind the other. */
export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The next frame; there must be one. */
export async function next(frames: AsyncGenerator<Frame>): Promise<Frame> {
  const { done, value } = await frames.next();
  assert(!done, "Expected a frame, got the end");
  return value as Frame;
}

/** Says that no frame is left. */
export async function assertEnd(frames: AsyncGenerator<Frame>): Promise<void> {
  const { done, value } = await frames.next();
  assert(done, `Expected the end, got ${JSON.stringify(value)}`);
}

/** A question whose answer, or lack of one, can be awaited. */
export class Asked extends Question {
  readonly #outcome = Promise.withResolvers<Frame | GiveUpReason>();
  /** How often this was told of an outcome. */
  calls = 0;

  /** The answer, or why there is none. */
  get outcome(): Promise<Frame | GiveUpReason> {
    return this.#outcome.promise;
  }

  override answer(response: Frame): void {
    this.calls++;
    this.#outcome.resolve({ ...response, payload: response.payload.slice() });
  }

  override giveUp(why: GiveUpReason): void {
    this.calls++;
    this.#outcome.resolve(why);
  }
}

/** Asks without a payload. */
export function ask(
  link: Link,
  patience: ExpiryQueue,
  command: Command,
): Asked {
  const asked = new Asked();
  link.ask(FrameType.request, command, empty, undefined, patience, asked);
  return asked;
}

/** What a link calls that has to hand over nothing. */
export function unexpected(frame: Frame): never {
  throw new Error(`Expected no frame, got ${JSON.stringify(frame)}`);
}

/** What a link waits for its peer to close, in milliseconds. */
export const LINGER_MS = 1_000;

/** Says that what `end` begins comes to its end though no time passes. */
export async function assertPrompt<T>(end: () => Promise<T>): Promise<T> {
  using _time = new FakeTime(performance.now());
  return await within(PATIENCE_MS, end());
}

/** Closes from the far side and waits for the link to be done. */
export async function finish(link: Link, peer: PipeEnd, run: Promise<LinkEnd>) {
  peer.close();
  const end = await run;
  await assertPrompt(() => link.end());
  return end;
}

/** Both ends of a real connection. */
export async function connected(): Promise<
  [own: Deno.TcpConn, peer: Deno.TcpConn]
> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
  ]);
}

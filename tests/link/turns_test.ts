import { assertEquals, assertLess } from "@std/assert";
import {
  Command,
  empty,
  encodeFrame,
  type Encoder,
  FrameType,
} from "../../protocol/mod.ts";
import { Link, type Transport } from "../../link/mod.ts";

/** A payload of so many zero bytes. */
const zeros: Encoder<number> = {
  sizeOf: (size) => size,
  encode: (size, into, offset) => {
    into.fill(0, offset, offset + size);
    return offset + size;
  },
};

/** A peer whose requests come at once, and who takes all answers at once. */
class EagerPeer implements Transport {
  readonly #requests: Uint8Array;
  readonly #readSize: number;
  readonly #closed = Promise.withResolvers<null>();
  #sent = 0;

  constructor(requests: Uint8Array, readSize: number) {
    this.#requests = requests;
    this.#readSize = readSize;
  }

  read(buffer: Uint8Array): Promise<number | null> {
    const rest = this.#requests.subarray(this.#sent);
    if (rest.length === 0) return this.#closed.promise;
    const count = Math.min(rest.length, buffer.length, this.#readSize);
    buffer.set(rest.subarray(0, count));
    this.#sent += count;
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#closed.resolve(null);
  }
}

async function assertOthersHaveTheirTurn(
  count: number,
  readSize: number,
  answerSize: number,
): Promise<void> {
  const header = { type: FrameType.request, status: 0, id: 1 };
  const request = encodeFrame(
    { ...header, command: Command.name },
    empty,
    undefined,
  );
  const requests = new Uint8Array(request.length * count);
  for (let i = 0; i < count; i++) requests.set(request, i * request.length);
  const transport = new EagerPeer(requests, readSize);
  const link = new Link({
    transport,
    limits: { maxPayload: 1024 },
    pauseAbove: 1024 * 1024,
  });

  let served = 0;
  const servedInATurn: number[] = [];
  const { promise: all, resolve } = Promise.withResolvers<void>();
  let before = 0;
  const others = setInterval(() => {
    servedInATurn.push(served - before);
    before = served;
    if (served === count) resolve();
  }, 0);
  link.run((frame) => {
    served++;
    link.respond(frame, zeros, answerSize);
  });
  await all;
  clearInterval(others);
  await link.end();
  assertEquals(served, count);
  assertLess(Math.max(...servedInATurn), count / 2);
}

Deno.test("a peer that asks much at once and takes its answers at once does not keep others from their turn", async () => {
  await assertOthersHaveTheirTurn(400, Infinity, 70_000);
});

Deno.test("a peer that always asks more, a little each time, does not keep others from their turn", async () => {
  await assertOthersHaveTheirTurn(80_000, 16, 0);
});

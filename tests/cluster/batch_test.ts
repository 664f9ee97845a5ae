import { assertEquals, assertThrows } from "@std/assert";
import {
  Batch,
  BatchKind,
  type BatchReader,
  type Outcome,
  readBatch,
} from "../../cluster/batch.ts";

/** All that is in a batch. */
function contentOf(bytes: Uint8Array): unknown[] {
  const content: unknown[] = [];
  const reader: BatchReader = {
    begin: (head, size) => content.push({ ...head, size }) > 0,
    text: (from, { id, origin, send }) =>
      content.push({ from, id, origin: [...origin], send: [...send] }),
    outcome: (from, outcome) => content.push({ from, ...outcome }),
  };
  readBatch(bytes, reader);
  return content;
}

/** What stands in front of the parts. */
const HEAD_SIZE = 13;

const TEXTS = [
  {
    id: 0xffffffff,
    origin: Uint8Array.of(1, 2),
    send: Uint8Array.of(0, 0, 0, 9),
  },
  { id: 2, origin: new Uint8Array(255), send: new Uint8Array(3_000).fill(7) },
];
const OUTCOMES: Outcome[] = [
  { id: 0xffffffff, status: 0, why: "" },
  { id: 7, status: 18, why: "Client 9 left – sorry" },
];

function texts(): Uint8Array {
  const batch = new Batch(BatchKind.messages, 3);
  for (const text of TEXTS) batch.addText(text);
  return batch.take({ connection: 0xfffffffd, taken: 0xfffffffe });
}

function outcomes(): Uint8Array {
  const batch = new Batch(BatchKind.outcomes, 4);
  for (const outcome of OUTCOMES) batch.addOutcome(outcome);
  return batch.take({ connection: 2, taken: 0 });
}

Deno.test("a batch is read as it was filled", () => {
  assertEquals(contentOf(texts()), [
    {
      kind: BatchKind.messages,
      from: 3,
      connection: 0xfffffffd,
      taken: 0xfffffffe,
      size: texts().length,
    },
    ...TEXTS.map(({ id, origin, send }) => ({
      from: 3,
      id,
      origin: [...origin],
      send: [...send],
    })),
  ]);
  assertEquals(contentOf(outcomes()), [
    {
      kind: BatchKind.outcomes,
      from: 4,
      connection: 2,
      taken: 0,
      size: outcomes().length,
    },
    ...OUTCOMES.map((outcome) => ({ from: 4, ...outcome })),
  ]);
});

Deno.test("a batch that was taken is empty, and the bytes that were are kept", () => {
  const batch = new Batch(BatchKind.outcomes, 4);
  const nothing = batch.size;
  batch.addOutcome(OUTCOMES[1]!);
  const bytes = batch.take({ connection: 2, taken: 0 });
  const before = [...bytes];
  assertEquals([batch.count, batch.size], [0, nothing]);
  batch.addOutcome(OUTCOMES[0]!);
  assertEquals([...bytes], before);
  assertEquals(contentOf(batch.take({ connection: 2, taken: 0 })).length, 2);
});

Deno.test("a batch that is cut off is an error, but between two parts", () => {
  const whole = texts();
  const first = HEAD_SIZE + 4 + 1 + 2 + 4 + 4;
  assertEquals(readable(whole), [HEAD_SIZE, first, whole.length]);
  const ends = outcomes();
  assertEquals(readable(ends), [HEAD_SIZE, HEAD_SIZE + 8, ends.length]);
});

/** How much of a batch can be read as one. */
function readable(batch: Uint8Array): number[] {
  const sizes = Array.from({ length: batch.length + 1 }, (_, i) => i);
  return sizes.filter((size) => {
    try {
      contentOf(batch.subarray(0, size));
      return true;
    } catch (error) {
      assertEquals((error as Error).name, "TypeError", `${size}`);
      return false;
    }
  });
}

Deno.test("a batch of no kind, or a text without a receiver, is an error", () => {
  for (const kind of [0, 3, 255]) {
    const bytes = texts();
    bytes[0] = kind;
    assertThrows(() => contentOf(bytes), TypeError, "Expected a batch");
  }
  const batch = new Batch(BatchKind.messages, 3);
  batch.addText({
    id: 1,
    origin: new Uint8Array(0),
    send: Uint8Array.of(0, 0, 1),
  });
  assertThrows(
    () => contentOf(batch.take({ connection: 2, taken: 0 })),
    TypeError,
  );
});

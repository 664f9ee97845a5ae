import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ExpiryQueue,
  type GiveUpReason,
  Question,
  Questions,
} from "../../link/mod.ts";
import {
  Command,
  type Frame,
  FrameType,
  ProtocolError,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";

function response(id: number, command: number = Command.time): Frame {
  return {
    type: FrameType.response,
    command,
    status: 0,
    id,
    payload: new Uint8Array(0),
    offset: 1_000,
  };
}

/** Writes down what it hears, under a name. */
function asker(heard: string[], name: string, then = () => {}): Question {
  class Asker extends Question {
    override answer(frame: Frame) {
      heard.push(`${name} answer ${frame.id}`);
      then();
    }

    override giveUp(why: GiveUpReason) {
      heard.push(`${name} ${why}`);
      then();
    }
  }
  return new Asker();
}

Deno.test("Questions counts ids up from 1", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const ids = [1, 2, 3].map(() =>
    questions.add(Command.time, asker([], ""), patience)
  );
  assertEquals(ids, [1, 2, 3]);
  assertEquals(questions.size, 3);
});

Deno.test("Questions hands each answer to whoever asked, in any order, once", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  for (const name of ["a", "b", "c"]) {
    questions.add(Command.time, asker(heard, name), patience);
  }
  for (const id of [2, 3, 2, 1, 3, 1]) questions.answer(response(id));
  assertEquals(heard, ["b answer 2", "c answer 3", "a answer 1"]);
  assertEquals(questions.size, 0);
  questions.close();
  assertEquals(heard.length, 3);
});

Deno.test("Questions ignores an answer that nobody waits for", () => {
  const questions = new Questions();
  for (const id of [0, 1, 0xffffffff]) questions.answer(response(id));
  assertEquals(questions.size, 0);
});

Deno.test("Questions refuses an answer to another command than was asked", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  const id = questions.add(Command.name, asker(heard, "a"), patience);
  const error = assertThrows(
    () => questions.answer(response(id, Command.time)),
    ProtocolError,
    "Expected the answer with id 1 to be about name, got time",
  );
  assertEquals(error.code, ProtocolErrorCode.outOfOrder);
  assertEquals(error.offset, 1_004);
  questions.close();
  assertEquals(heard, ["a closed"]);
});

Deno.test("Questions gives up after its patience, and ignores the late answer", async () => {
  using patience = new ExpiryQueue(10);
  const questions = new Questions();
  const heard: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const id = questions.add(Command.time, asker(heard, "a", resolve), patience);
  await promise;
  assertEquals(heard, ["a timeout"]);
  assertEquals(questions.size, 0);
  questions.answer(response(id));
  questions.close();
  assertEquals(heard, ["a timeout"]);
});

Deno.test("Questions that are answered or withdrawn do not time out", async () => {
  using patience = new ExpiryQueue(5);
  const questions = new Questions();
  const heard: string[] = [];
  const answered = questions.add(Command.time, asker(heard, "a"), patience);
  const withdrawn = questions.add(Command.time, asker(heard, "b"), patience);
  questions.answer(response(answered));
  questions.withdraw(withdrawn);
  questions.withdraw(withdrawn);
  questions.withdraw(77);
  const { promise, resolve } = Promise.withResolvers<void>();
  questions.add(Command.time, asker(heard, "c", resolve), patience);
  await promise;
  assertEquals(heard, ["a answer 1", "c timeout"]);
  questions.answer(response(withdrawn));
  assertEquals(heard.length, 2);
});

Deno.test("Questions tells all who wait when it is closed", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  for (const name of ["a", "b"]) {
    questions.add(Command.time, asker(heard, name), patience);
  }
  questions.close();
  questions.close();
  assertEquals(heard, ["a closed", "b closed"]);
  assertEquals(questions.size, 0);
});

Deno.test("Questions tells each once, even if one of them closes it again", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  for (const name of ["a", "b", "c"]) {
    const question = asker(heard, name, () => questions.close());
    questions.add(Command.time, question, patience);
  }
  questions.close();
  assertEquals(heard.toSorted(), ["a closed", "b closed", "c closed"]);
});

Deno.test("Questions does not tell one that another withdrew while closing", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  let second = 0;
  const first = asker(heard, "a", () => questions.withdraw(second));
  questions.add(Command.time, first, patience);
  second = questions.add(Command.time, asker(heard, "b"), patience);
  questions.close();
  assertEquals(heard, ["a closed"]);
});

Deno.test("Questions tells one that closes it on an answer nothing more", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  const question = asker(heard, "a", () => questions.close());
  questions.answer(response(questions.add(Command.time, question, patience)));
  assertEquals(heard, ["a answer 1"]);
});

Deno.test("Questions lets the one that hears an answer ask again", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const heard: string[] = [];
  const again = () => {
    questions.add(Command.time, asker(heard, "b"), patience);
  };
  questions.add(Command.time, asker(heard, "a", again), patience);
  questions.answer(response(1));
  assert(questions.size === 1);
  questions.answer(response(2));
  assertEquals(heard, ["a answer 1", "b answer 2"]);
});

Deno.test("Questions keeps any number apart, answered in any order, over and over", () => {
  using patience = new ExpiryQueue(1_000);
  const questions = new Questions();
  const old: string[] = [];
  // One that stays open while ids go round it.
  const first = questions.add(Command.time, asker(old, "old"), patience);
  for (let round = 0; round < 20; round++) {
    const heard: string[] = [];
    const ids = Array.from(
      { length: 1 << (round % 11) },
      (_, i) => questions.add(Command.time, asker(heard, `${i}`), patience),
    );
    assertEquals(new Set([first, ...ids]).size, ids.length + 1);
    assertEquals(questions.size, ids.length + 1);
    for (const id of ids.toReversed()) questions.answer(response(id));
    assertEquals(
      heard,
      ids.map((id, i) => `${i} answer ${id}`).toReversed(),
    );
  }
  assertEquals(old, []);
  questions.answer(response(first));
  assertEquals(old, [`old answer ${first}`]);
  assertEquals(questions.size, 0);
});

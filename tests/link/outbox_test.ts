import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Outbox } from "../../link/outbox.ts";
import {
  Command,
  type Encoder,
  type Frame,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
  name,
} from "../../protocol/mod.ts";
import { pipe, type PipeEnd, settled } from "./pipe.ts";

function add(outbox: Outbox, id: number, text: string): void {
  const header = { type: FrameType.response, command: Command.name, status: 0 };
  outbox.add({ ...header, id }, name, text);
}

/** What went over the wire, as `id: text`. */
function sent(end: PipeEnd): string[] {
  const texts: string[] = [];
  const decoder = new FrameDecoder({ maxPayload: 1_000_000 });
  const onFrame = (frame: Frame) =>
    texts.push(`${frame.id}: ${name.decode(frame.payload)}`);
  for (const bytes of end.written) decoder.push(bytes, onFrame);
  decoder.end();
  return texts;
}

Deno.test("Outbox writes the frames of one turn in one write", async () => {
  const [end] = pipe();
  const outbox = new Outbox(end);
  for (let id = 1; id <= 100; id++) add(outbox, id, "hello");
  assertEquals(end.written.length, 0);
  assertEquals(outbox.size, 100 * 21);
  await outbox.drain(0);
  assertEquals(end.written.length, 1);
  assertEquals(sent(end).length, 100);
  assertEquals(outbox.size, 0);
});

Deno.test("Outbox writes without being asked to", async () => {
  const [end] = pipe();
  const outbox = new Outbox(end);
  for (let id = 1; id <= 3; id++) {
    add(outbox, id, "hello");
    await settled();
    assertEquals(end.written.length, id);
  }
  assertEquals(sent(end), ["1: hello", "2: hello", "3: hello"]);
});

Deno.test("Outbox joins what comes while a write is under way", async () => {
  const [end, peer] = pipe({ capacity: 16 + 5 });
  const outbox = new Outbox(end);
  add(outbox, 1, "first");
  await settled();
  for (let id = 2; id <= 4; id++) {
    add(outbox, id, `text ${id}`);
    await settled();
  }
  assertEquals(end.written.length, 1);
  assertEquals(outbox.size, 3 * (16 + 6));
  end.capacity = Infinity;
  await peer.read(new Uint8Array(1));
  await outbox.drain(0);
  assertEquals(sent(end), ["1: first", "2: text 2", "3: text 3", "4: text 4"]);
  // The second was on its way alone; the others had to wait, and went together.
  assertEquals(end.written.length, 3);
});

Deno.test("Outbox goes on where a partial write has left off", async () => {
  for (const maxWrite of [1, 7, 16, 22]) {
    const [end] = pipe({ maxWrite });
    const outbox = new Outbox(end);
    for (let id = 1; id <= 5; id++) add(outbox, id, `${id}`.repeat(id * 9));
    await outbox.drain(0);
    add(outbox, 6, "");
    await outbox.drain(0);
    assertEquals(sent(end), [
      "1: " + "1".repeat(9),
      "2: " + "2".repeat(18),
      "3: " + "3".repeat(27),
      "4: " + "4".repeat(36),
      "5: " + "5".repeat(45),
      "6: ",
    ]);
  }
});

Deno.test("Outbox keeps frames whole and in order when they come at any time", async () => {
  const [end, peer] = pipe({ maxWrite: 50, capacity: 120 });
  const outbox = new Outbox(end);
  const expected: string[] = [];
  const buffer = new Uint8Array(64);
  let id = 0;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < round % 4; i++) {
      const text = "x".repeat((id * 37) % 3_000);
      add(outbox, ++id, text);
      expected.push(`${id}: ${text}`);
    }
    await settled();
    if (peer.unread > 0) await peer.read(buffer);
  }
  end.capacity = Infinity;
  await peer.read(buffer);
  await outbox.drain(0);
  assertEquals(sent(end), expected);
});

Deno.test("Outbox counts the bytes that the peer has not taken", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "hello");
  assertEquals(outbox.size, 21);
  await settled();
  assertEquals(outbox.size, 11);
  add(outbox, 2, "");
  assertEquals(outbox.size, 27);
  await peer.read(new Uint8Array(4));
  await settled();
  assertEquals(outbox.size, 23);
  end.capacity = Infinity;
  await peer.read(new Uint8Array(4));
  await outbox.drain(0);
  assertEquals(outbox.size, 0);
});

Deno.test("Outbox drains as soon as few enough bytes wait", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "x".repeat(34));
  let drained = false;
  const drain = outbox.drain(20).then(() => drained = true);
  await settled();
  assertEquals([outbox.size, drained], [40, false]);
  await peer.read(new Uint8Array(10));
  await settled();
  assertEquals([outbox.size, drained], [30, false]);
  await peer.read(new Uint8Array(10));
  await drain;
  assertEquals(outbox.size, 20);
  outbox.discard();
  end.break(new Error("over"));
});

Deno.test("Outbox drains at once if nothing waits", async () => {
  const [end] = pipe();
  await new Outbox(end).drain(0);
});

Deno.test("Outbox drains for several who wait for different things", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "x".repeat(34));
  const order: number[] = [];
  const drains = [0, 30, 20].map((below) =>
    outbox.drain(below).then(() => {
      order.push(below);
      assert(outbox.size <= below);
    })
  );
  for (let i = 0; i < 5; i++) {
    await settled();
    await peer.read(new Uint8Array(10));
  }
  await Promise.all(drains);
  assertEquals(order.toSorted((a, b) => a - b), [0, 20, 30]);
});

Deno.test("Outbox of a broken transport forgets what waits and takes no more", async () => {
  const [end] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "hello");
  await settled();
  add(outbox, 2, "hello");
  const drain = outbox.drain(0);
  end.break(new Deno.errors.ConnectionReset("reset"));
  await drain;
  assertEquals(outbox.size, 0);
  add(outbox, 3, "hello");
  await settled();
  assertEquals(outbox.size, 0);
  assertEquals(end.written.length, 1);
});

Deno.test("Outbox that is discarded lets go whoever drains it", async () => {
  const [end] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "hello");
  const drain = outbox.drain(0);
  await settled();
  outbox.discard();
  await drain;
  assertEquals(outbox.size, 0);
  add(outbox, 2, "hello");
  assertEquals(outbox.size, 0);
  end.break(new Error("over"));
});

Deno.test("Outbox writes nothing that was discarded in the same turn", async () => {
  const [end] = pipe();
  const outbox = new Outbox(end);
  add(outbox, 1, "hello");
  outbox.discard();
  await settled();
  assertEquals(end.written, []);
});

Deno.test("Outbox leaves out a frame whose payload cannot be encoded", async () => {
  const [end] = pipe();
  const outbox = new Outbox(end);
  const broken: Encoder<string> = {
    sizeOf: () => 5_000,
    encode() {
      throw new TypeError("Expected an IP address");
    },
  };
  const header = { type: FrameType.request, command: 5, status: 0, id: 9 };
  add(outbox, 1, "before");
  assertThrows(() => outbox.add(header, broken, "x"), TypeError);
  add(outbox, 2, "behind");
  await outbox.drain(0);
  assertEquals(sent(end), ["1: before", "2: behind"]);
});

Deno.test("Outbox sends what was encoded, not what was reserved", async () => {
  const [end] = pipe();
  const outbox = new Outbox(end);
  add(outbox, 1, "中".repeat(1_000));
  add(outbox, 2, "a".repeat(1_000));
  assertLess(outbox.size, 2 * HEADER_SIZE + 3_000 + 1_000 + 1);
  await outbox.drain(0);
  assertEquals(sent(end), [
    "1: " + "中".repeat(1_000),
    "2: " + "a".repeat(1_000),
  ]);
});

Deno.test("Outbox counts what was added, whatever becomes of it", async () => {
  const [end] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  assertEquals(outbox.added, 0);
  add(outbox, 1, "hello");
  assertEquals(outbox.added, 21);
  await settled();
  add(outbox, 2, "中".repeat(100)); // Less than was reserved for it.
  add(outbox, 3, "");
  assertEquals(outbox.added, 21 + 316 + 16);
  outbox.discard();
  add(outbox, 4, "not any more");
  assertEquals(outbox.added, 21 + 316 + 16);
  end.break(new Error("over"));
});

Deno.test("Outbox makes progress each time that something is taken", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "x".repeat(34));
  const all = [outbox.progress(), outbox.progress()];
  await Promise.all(all);
  assertEquals(outbox.size, 40);
  for (let left = 30; left >= 0; left -= 10) {
    let progressed = false;
    const progress = outbox.progress().then(() => progressed = true);
    await settled();
    assert(!progressed);
    await peer.read(new Uint8Array(10));
    await progress;
    assertEquals(outbox.size, left);
  }
});

Deno.test("Outbox that breaks or is discarded keeps nobody waiting for progress", async () => {
  for (const how of ["broken", "discarded"]) {
    const [end] = pipe({ capacity: 10 });
    const outbox = new Outbox(end);
    add(outbox, 1, "hello");
    await settled();
    const progress = outbox.progress();
    if (how === "discarded") outbox.discard();
    end.break(new Error("over"));
    await progress;
    assertEquals(outbox.size, 0);
  }
});

Deno.test("Outbox tells when something begins to wait, and when any of it is taken", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const sizes: number[] = [];
  const outbox: Outbox = new Outbox(end, () => sizes.push(outbox.size));
  await settled();
  assertEquals(sizes, []);
  add(outbox, 1, "hell"); // 20 bytes begin to wait.
  assertEquals(sizes, [20]);
  add(outbox, 2, "hell");
  assertEquals(sizes, [20], "it waits behind the other");
  await settled();
  assertEquals(sizes, [20, 30]);
  add(outbox, 3, "hell");
  assertEquals(sizes, [20, 30]);
  end.maxWrite = 15;
  end.capacity = Infinity;
  await peer.read(new Uint8Array(10));
  await settled();
  assertEquals(sizes, [20, 30, 35, 20, 5, 0]);
  add(outbox, 4, "");
  assertEquals(sizes.length, 7);
  await settled();
  assertEquals(sizes.slice(6), [16, 1, 0]);
});

Deno.test("Outbox that is discarded is not told what the transport took of it", async () => {
  const [end, peer] = pipe({ capacity: 10 });
  const outbox = new Outbox(end);
  add(outbox, 1, "hello");
  await settled();
  outbox.discard();
  await peer.read(new Uint8Array(10));
  await settled();
  assertEquals([outbox.size, peer.unread], [0, 10]);
});

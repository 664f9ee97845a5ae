import { assertEquals, assertRejects } from "@std/assert";
import {
  type NaiveReading,
  readNaively,
  type Writes,
} from "../../../lab/requests/naive_reader.ts";
import {
  Command,
  encodeFrame,
  FrameType,
  HEADER_SIZE,
} from "../../../protocol/mod.ts";

/** A frame of the server's with so many bytes of payload. */
function frame(type: FrameType, id: number, payloadSize: number): Uint8Array {
  const command = type === FrameType.response ? Command.time : Command.hello;
  return encodeFrame(
    { type, command, status: 0, id },
    { sizeOf: () => payloadSize, encode: (_, __, at) => at + payloadSize },
    undefined,
  );
}

/** A response with so many bytes of payload. */
function response(payloadSize: number): Uint8Array {
  return frame(FrameType.response, 1, payloadSize);
}

function join(...pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

/**
 * Has the reader ask a server that says hello and then, each time when it has
 * got so many requests more, makes the next of these writes; then it closes.
 */
async function readFrom(
  plan: readonly { readonly after: number; readonly write: Uint8Array }[],
  options: { readonly count: number; readonly writes: Writes },
): Promise<NaiveReading> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serve = async () => {
    using conn = await listener.accept();
    await conn.write(frame(FrameType.indication, 0, 21));
    const buffer = new Uint8Array(65_536);
    for (const { after, write } of plan) {
      for (let wanted = after * HEADER_SIZE; wanted > 0;) {
        wanted -= (await conn.read(buffer))!;
      }
      await conn.write(write);
    }
    await conn.closeWrite();
    while (await conn.read(buffer) !== null);
  };
  // The server is awaited also where the reader fails.
  const served = serve();
  try {
    return await readNaively({ port: listener.addr.port, ...options });
  } finally {
    await served;
  }
}

Deno.test("100 responses that come joined are taken for one", async () => {
  const responses = Array.from({ length: 100 }, () => response(13));
  const reading = await readFrom(
    [{ after: 100, write: join(...responses) }],
    { count: 100, writes: "one" },
  );
  assertEquals(reading, {
    writes: "one",
    reads: [2900],
    seen: 1,
    garbled: 0,
    came: 100,
  });
});

Deno.test("a write for each request brings the same ones joined", async () => {
  const responses = Array.from({ length: 100 }, () => response(13));
  const { seen, came } = await readFrom(
    [{ after: 100, write: join(...responses) }],
    { count: 100, writes: "each" },
  );
  assertEquals({ seen, came }, { seen: 1, came: 100 });
});

Deno.test("responses that come one by one are all seen", async () => {
  const reading = await readFrom(
    Array.from({ length: 5 }, () => ({ after: 1, write: response(13) })),
    { count: 5, writes: "waiting" },
  );
  assertEquals(reading, {
    writes: "waiting",
    reads: [29, 29, 29, 29, 29],
    seen: 5,
    garbled: 0,
    came: 5,
  });
});

Deno.test("one that is chopped makes nonsense of the next read", async () => {
  // The first is larger than a read; the second stands behind its rest.
  const reading = await readFrom(
    [{ after: 1, write: join(response(5_000), response(13)) }],
    { count: 2, writes: "waiting" },
  );
  assertEquals(reading, {
    writes: "waiting",
    reads: [4_096, 5_016 + 29 - 4_096],
    seen: 1,
    garbled: 1,
    came: 2,
  });
});

Deno.test("what is no response is not counted", async () => {
  const ping = frame(FrameType.indication, 7, 0);
  const { seen, came } = await readFrom(
    [{ after: 2, write: join(response(13), ping, response(13)) }],
    { count: 2, writes: "one" },
  );
  assertEquals({ seen, came }, { seen: 1, came: 2 });
});

Deno.test("a server that closes too early is an error", async () => {
  await assertRejects(
    () =>
      readFrom(
        [{ after: 3, write: response(13) }],
        { count: 3, writes: "one" },
      ),
    Error,
    "Expected 3 responses, got 1",
  );
});

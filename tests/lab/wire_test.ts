import { assert, assertEquals, assertRejects } from "@std/assert";
import { readCapture } from "../../capture/read_capture.ts";
import { allEnded, whyNoWire, Wire } from "../../lab/wire.ts";
import { freePort } from "../../tools/free_port.ts";

const SYN = 2;
const FIN = 1;

const obstacle = await whyNoWire();
if (obstacle !== undefined) {
  console.log("The wire is not listened to:", obstacle);
}

/** Registers a test that captures for real. */
function real(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: obstacle !== undefined, fn });
}

/** Captures a whole connection, from its first segment to its last. */
async function captureConnection(directory: string): Promise<void> {
  const port = freePort();
  const file = `${directory}/${port}.pcapng`;
  await using wire = await Wire.listen({ interface: "lo", port, file });
  let nearPort: number;
  {
    using listener = Deno.listen({ hostname: "127.0.0.1", port });
    using near = await Deno.connect({ port });
    using far = await listener.accept();
    nearPort = (near.localAddr as Deno.NetAddr).port;
    await near.write(Uint8Array.of(1, 2, 3));
    await far.read(new Uint8Array(10));
    await far.write(Uint8Array.of(4, 5));
    await near.read(new Uint8Array(10));
    await near.closeWrite();
    assertEquals(await far.read(new Uint8Array(10)), null);
  }
  const segments = await wire.stop(allEnded);

  const of = (sender: number) =>
    segments.filter(({ from }) => from.port === sender);
  for (
    const [sender, receiver, bytes] of [
      [nearPort, port, [1, 2, 3]],
      [port, nearPort, [4, 5]],
    ] as const
  ) {
    const sent = of(sender);
    assert(sent.every(({ to }) => to.port === receiver));
    assertEquals(sent[0]!.flags & SYN, SYN);
    assertEquals(sent.filter(({ flags }) => flags & FIN).length, 1);
    assertEquals(sent.flatMap(({ payload }) => [...payload]), [...bytes]);
  }
  assertEquals(
    segments.map(({ number }) => number),
    segments.map((_, i) => i + 1),
  );
  assertEquals(readCapture(await Deno.readFile(file)), segments);
}

real("10 connections, each captured from SYN to FIN", async () => {
  const directory = await Deno.makeTempDir();
  try {
    for (let round = 0; round < 2; round++) {
      const captures = await Promise.allSettled(
        Array.from({ length: 5 }, () => captureConnection(directory)),
      );
      for (const capture of captures) {
        if (capture.status === "rejected") throw capture.reason;
      }
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

real("what no packet comes for is a capture without packets", async () => {
  const file = await Deno.makeTempFile();
  try {
    const port = freePort();
    await using wire = await Wire.listen({ interface: "lo", port, file });
    assertEquals(
      wire.command,
      `dumpcap -q -p -i lo -f 'tcp port ${port}' -w ${file}`,
    );
    assertEquals(await wire.stop(), []);
    assertEquals(await wire.stop(), []);
    assertEquals(readCapture(await Deno.readFile(file)), []);
  } finally {
    await Deno.remove(file);
  }
});

real("a capture that is given up leaves no file", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = `${directory}/none.pcapng`;
    {
      await using _ = await Wire.listen({ interface: "lo", port: 1, file });
    }
    await assertRejects(() => Deno.stat(file), Deno.errors.NotFound);
  } finally {
    await Deno.remove(directory);
  }
});

real(
  "an interface that there is not is an error with dumpcap's words",
  async () => {
    const options = { interface: "nosuch", port: 1, file: "" };
    const error = await assertRejects(() => Wire.listen(options), Error);
    assert(error.message.includes('no device named "nosuch"'), error.message);
  },
);

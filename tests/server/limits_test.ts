import { assertEquals, assertRejects } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { MAX_TEXT } from "../../protocol/mod.ts";
import { serve } from "../../server/mod.ts";

Deno.test("the longest text that a server can allow is delivered whole", async () => {
  await using server = await serve({ port: 0, name: "lab", maxText: MAX_TEXT });
  await using sender = await Client.connect({ port: server.port });
  await using receiver = await Client.connect({ port: server.port });
  let received = "";
  receiver.receive(({ text }) => {
    received = text;
  });
  const text = "x".repeat(MAX_TEXT);
  assertEquals((await sender.send(receiver.id, text)).delivered, true);
  assertEquals(received === text, true);
});

Deno.test("a server cannot allow texts that no client takes", async () => {
  const maxText = MAX_TEXT + 1;
  await assertRejects(
    () => serve({ port: 0, maxText }),
    RangeError,
    "16777216",
  );
});

Deno.test("a client has some time to read what waits for it, and to finish a frame", async () => {
  for (const limits of [{ stallTimeoutMs: 0 }, { frameTimeoutMs: 0 }]) {
    const [name] = Object.keys(limits);
    await assertRejects(() => serve({ port: 0, ...limits }), RangeError, name);
  }
});

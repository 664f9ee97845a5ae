import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { within } from "../server/within.ts";
import { type NatsOptions, NatsServer } from "../../tools/nats.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { withNats } from "./with_nats.ts";

/** A connection to a NATS server, and the INFO that it begins with. */
async function greeting(nats: NatsServer): Promise<Record<string, unknown>> {
  using conn = await Deno.connect({ hostname: nats.host, port: nats.port });
  const buffer = new Uint8Array(64 * 1024);
  const count = await within(5_000, conn.read(buffer));
  const [line = ""] = new TextDecoder().decode(buffer.subarray(0, count ?? 0))
    .split("\r\n");
  assertMatch(line, /^INFO \{/);
  return JSON.parse(line.slice("INFO ".length));
}

withNats(
  "NatsServer comes back on its port with what it has stored",
  async () => {
    await using nats = await NatsServer.start();
    const { url, port } = nats;
    assertEquals(url, `nats://127.0.0.1:${port}`);
    const { jetstream, port: said } = await greeting(nats);
    assertEquals({ jetstream, said }, { jetstream: true, said: port });

    for (const end of ["stop", "kill"] as const) {
      await nats[end]();
      await assertRejects(() => greeting(nats), Deno.errors.ConnectionRefused);
      await nats.startAgain();
      assertEquals((await greeting(nats)).jetstream, true);
    }
    assertEquals(nats.url, url);
    await assertRejects(() => nats.startAgain(), TypeError, "not been stopped");
  },
);

withNats("NatsServer does as it is told: no JetStream, a token", async () => {
  const options: NatsOptions = { jetStream: false, flags: ["--auth", "open"] };
  await using nats = await NatsServer.start(options);
  const { jetstream, auth_required } = await greeting(nats);
  assertEquals({ jetstream, auth_required }, {
    jetstream: undefined,
    auth_required: true,
  });
});

withNats("NatsServer that is frozen answers when it thaws", async () => {
  await using nats = await NatsServer.start();
  nats.freeze();
  await standsStill(nats.pid);
  // The kernel takes the connection; nobody says anything on it.
  const greeted = greeting(nats);
  nats.thaw();
  assertEquals((await greeted).port, nats.port);
});

withNats(
  "NatsServer that cannot start says why, and leaves nothing",
  async () => {
    await assertRejects(
      () => NatsServer.start({ flags: ["--no-such-flag"] }),
      Error,
      "no-such-flag",
    );
  },
);

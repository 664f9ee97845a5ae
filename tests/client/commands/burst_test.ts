import {
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { findOneShot } from "../../../client/commands/mod.ts";
import { Client, ConnectionError, RefusedError } from "../../../client/mod.ts";
import { Command, Status } from "../../../protocol/mod.ts";
import { watchedServer } from "../../server/watched_server.ts";
import { RawServer } from "../raw_server.ts";
import { en, runOneShot } from "./run_one_shot.ts";

Deno.test("burst sends 100 time requests and counts 100 answers", async () => {
  await using server = await watchedServer({ trace: true });
  await using client = await Client.connect({ port: server.port });
  const { code, lines } = await runOneShot(client, ["burst"]);
  assertEquals(code, 0);
  assertMatch(
    lines.join("\n"),
    /^100 of 100 answers came, in \d+ reads and \d+\.\d ms \([\d,]+ a second\)$/,
  );
  const answered = server.events.of("answered");
  assertEquals(answered.map(({ command }) => command), Array(100).fill("time"));
});

Deno.test("burst --json --count 1000 --command name: all are answered", async () => {
  await using server = await watchedServer({ trace: true });
  await using client = await Client.connect({ port: server.port });
  const { code, lines } = await runOneShot(client, ["burst"], {
    json: true,
    count: 1000,
    command: "name",
  });
  assertEquals([code, lines.length], [0, 1]);
  const { reads, ms, ...rest } = JSON.parse(lines[0]!);
  assertEquals(rest, { sent: 1000, received: 1000 });
  assertGreaterOrEqual(reads, 1);
  assertLessOrEqual(reads, 1000);
  assertGreaterOrEqual(ms, 0);
  assertEquals(server.events.of("answered").at(-1)!.command, "name");
});

Deno.test("burst whose connection is lost prints what came, and fails", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const lines: string[] = [];
  const bursting = assertRejects(
    () => burst(client, lines),
    ConnectionError,
  );
  await peer.take(5);
  peer.close();
  await bursting;
  assertMatch(lines.join("\n"), /^\{"sent":5,"received":0,/);
});

Deno.test("burst that is refused in part prints what came, and fails with the refusal", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const lines: string[] = [];
  const bursting = assertRejects(
    () => burst(client, lines),
    RefusedError,
    "no",
  );
  for (const { id } of await peer.take(5)) {
    const command = Command.name;
    if (id === 3) await peer.refuse({ command, id }, Status.serverError, "no");
    else await peer.confirm({ command, id });
  }
  await bursting;
  peer.close();
  assertMatch(lines.join("\n"), /^\{"sent":5,"received":4,/);
});

async function burst(client: Client, lines: string[]): Promise<number> {
  return await findOneShot("burst", []).run({
    client,
    words: [],
    texts: en,
    screen: false,
    colour: false,
    json: true,
    count: 5,
    command: "name",
    signal: new AbortController().signal,
    write: (line) => lines.push(line),
  });
}

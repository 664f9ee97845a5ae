import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { Client } from "../../../client/mod.ts";
import { findOneShot } from "../../../client/commands/mod.ts";
import { Status } from "../../../protocol/mod.ts";
import { UsageError } from "../../../terminal/mod.ts";
import { RawPeer } from "../../server/raw_peer.ts";
import { watchedServer } from "../../server/watched_server.ts";
import { runOneShot } from "./run_one_shot.ts";

Deno.test("send, delivered: exit code 0, to whom, and how long it took", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);
  const words = ["send", `${receiver.id}`, "a text with spaces"];

  const [printed, text] = await Promise.all([
    runOneShot(client, words),
    confirmNext(receiver),
  ]);

  assertEquals(text, "a text with spaces");
  assertEquals(printed.code, 0);
  assertMatch(printed.lines.join("\n"), /^Delivered to 2 in \d+\.\d ms$/);
});

Deno.test("send --json, delivered", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);

  const [{ code, lines }] = await Promise.all([
    runOneShot(client, ["send", `${receiver.id}`, "007"], { json: true }),
    confirmNext(receiver),
  ]);

  assertEquals([code, lines.length], [0, 1]);
  const { ms, ...rest } = JSON.parse(lines[0]!);
  assertGreaterOrEqual(ms, 0);
  assertEquals(rest, { delivered: true, id: receiver.id });
});

Deno.test("send, not delivered: exit code 1, and why, made harmless", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);

  const [printed] = await Promise.all([
    runOneShot(client, ["send", `${receiver.id}`, "x"]),
    refuseNext(receiver, "no\u001b[2J"),
  ]);

  assertEquals(printed, {
    code: 1,
    lines: ["Not delivered to 2: Client 2 did not take it: no␛[2J"],
  });
});

Deno.test("send --json, not delivered: the reason and the sentence", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const words = ["send", "99", "x"];
  const { code, lines } = await runOneShot(client, words, { json: true });
  assertEquals([code, lines.length], [1, 1]);
  const { why, ...rest } = JSON.parse(lines[0]!);
  assertMatch(why, /99/);
  assertEquals(rest, { delivered: false, id: 99, reason: "unknown-number" });
});

Deno.test("send takes a number that can be one, before it connects", () => {
  for (const id of ["0", "1", "4294967295"]) {
    assert(findOneShot("send", [id, "x"]));
  }
  for (const id of ["", "x", "-1", "1.5", "1e3", "0x10", "4294967296", " 1"]) {
    assertThrows(() => findOneShot("send", [id, "x"]), UsageError, "number");
  }
});

async function confirmNext(receiver: RawPeer): Promise<string> {
  const message = await receiver.message();
  await receiver.confirm(message);
  return message.text;
}

async function refuseNext(receiver: RawPeer, why: string): Promise<void> {
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, why);
}

import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { Client, ConnectionError, RefusedError } from "../../client/mod.ts";
import type { Finished } from "../../tools/program.ts";
import { bothWays } from "../end_to_end/scenario.ts";
import { until } from "../end_to_end/until.ts";
import { fault } from "./fault.ts";
import { commandLine } from "../../tools/process_facts.ts";

const LINE = /^parley-client: [^\n]+\n$/;

/** A file that holds a token, for as long as a test runs. */
class TokenFile implements Disposable {
  readonly path = Deno.makeTempFileSync();
  readonly token: string;

  constructor(token: string) {
    this.token = token;
    Deno.writeTextFileSync(this.path, `${token}\n`);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}

bothWays(
  "the right token lets a client in; a wrong one, or none, is told in a sentence",
  async (programs) => {
    using right = new TokenFile("open sesame");
    using wrong = new TokenFile("open sesam");
    await using server = await programs.startServer(
      ...["--verbose", "--token-file", right.path],
    );
    const { port } = server;
    const [has, hasWrong] = [right, wrong].map(({ path }) => [
      "--token-file",
      path,
    ]);
    await using listener = await programs.startListener(port, ...has!);
    const outputs: Finished[] = [];
    const ask = async (...words: string[]) => {
      const finished = await programs.ask(port, ...words);
      outputs.push(finished);
      return finished;
    };

    const id = `${listener.id}`;
    assertEquals((await ask(...has!, "send", id, "hi")).code, 0);
    await listener.stdout.find(/"text":"hi"/);
    const refused = await ask(...hasWrong!, "time");
    assertEquals({ ...refused, stderr: "" }, {
      code: 1,
      stdout: "",
      stderr: "",
    });
    assertMatch(refused.stderr, LINE);
    assertMatch(refused.stderr, /does not take the token/);
    const without = await ask("time");
    assertEquals({ ...without, stderr: "" }, {
      code: 3,
      stdout: "",
      stderr: "",
    });
    assertMatch(without.stderr, LINE);
    assertMatch(without.stderr, /wants a token.*--token-file/);

    // Neither token is anywhere to be seen.
    const seen = [
      ...Deno.build.os === "linux"
        ? [await commandLine(server.pid), await commandLine(listener.pid)]
        : [],
    ].flat();
    server.kill("SIGTERM");
    outputs.push(await server.end(), await listener.end());
    seen.push(...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr]));
    for (const text of seen) assertFalse(text.includes(wrong.token), text);
  },
  { ignore: Deno.build.os === "windows" },
);

fault(
  "after three wrong tokens an address waits, also with the right one; who is in stays",
  async (programs) => {
    using right = new TokenFile("open sesame");
    await using server = await programs.startServer(
      ...["--token-file", right.path, "--lockout", "2"],
    );
    const { port } = server;
    const connect = (token: string) => Client.connect({ port, token });
    await using inside = await connect(right.token);

    for (let i = 1; i <= 3; i++) {
      await assertRejects(() => connect(`guess ${i}`), RefusedError);
    }
    await assertRejects(() => connect("guess 4"), ConnectionError, "wait 2 s");
    await assertRejects(() => connect(right.token), ConnectionError, "wait");
    assertEquals((await inside.list()).map(({ id }) => id), [inside.id]);
    await until("somebody let in again", async () => {
      try {
        await using _client = await connect(right.token);
        return true;
      } catch (error) {
        if (error instanceof ConnectionError) return false;
        throw error;
      }
    });
    // A wrong one is one wrong one again.
    await assertRejects(() => connect("guess 5"), RefusedError);
    await using _client = await connect(right.token);
    assertEquals((await inside.list()).length, 2);
  },
);

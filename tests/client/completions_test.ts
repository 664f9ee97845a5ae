import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { completions, shells } from "../../client/completions.ts";
import { UsageError } from "../../terminal/mod.ts";

const line = {
  program: "parley-test",
  commands: {
    send: { words: ["ID"], help: "send it's text" },
    list: { words: [], help: "list [all]: everybody" },
  },
  flags: {
    json: { kind: "switch", help: "print JSON" },
    log: {
      kind: "choice",
      choices: ["pretty", "json"],
      default: "pretty",
      help: "how",
    },
    port: { kind: "number", value: "PORT", min: 0, max: 1, help: "where" },
    key: { kind: "text", value: "FILE", help: "whose" },
  },
} as const;

/** Runs a script in a shell; `undefined` where the shell is missing. */
async function run(shell: string, script: string): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await new Deno.Command(shell, {
      args: ["-c", script],
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`${shell} is not installed: its completions were not run`);
    return undefined;
  }
}

Deno.test("completions for every shell name each command and flag", () => {
  for (const shell of shells) {
    const script = completions(shell, line);
    for (
      const word of ["send", "list", "json", "log", "port", "pretty", "key"]
    ) {
      assertStringIncludes(script, word, shell);
    }
  }
});

Deno.test("completions for another shell are refused", () => {
  assertThrows(() => completions("tcsh", line), UsageError, "bash");
});

Deno.test("bash completes commands, flags and a flag's values", async () => {
  const complete = (...words: string[]) =>
    run(
      "bash",
      `${completions("bash", line)}
COMP_WORDS=(parley-test ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_parley_test
echo "\${COMPREPLY[*]}"`,
    );
  const commands = await complete("");
  if (commands === undefined) return;
  assertEquals(commands, "send list --json --log --port --key\n");
  assertEquals(await complete("se"), "send\n");
  assertEquals(await complete("--p"), "--port\n");
  assertEquals(await complete("--log", ""), "pretty json\n");
  assertEquals(await complete("completions", "z"), "zsh\n");
  assertEquals(
    await complete("--key", "tests/tls/cer"),
    "tests/tls/cert.pem\n",
  );
});

Deno.test("where a file is wanted, files are completed", () => {
  assertStringIncludes(completions("zsh", line), "'--key[whose]:FILE:_files'");
  assertStringIncludes(completions("fish", line), "-l key -r -F -d");
});

Deno.test("zsh and fish can read theirs", async () => {
  await run(
    "zsh",
    `autoload -Uz compinit && compinit -u -D\n${completions("zsh", line)}`,
  );
  await run("fish", completions("fish", line));
});

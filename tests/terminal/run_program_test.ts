import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { runScript, startScript } from "./run_script.ts";

/** A program whose `main` is this. */
function program(main: string): string {
  return `
    import { runProgram, UsageError, OutputError, Interrupted, Interrupt, writeLine }
      from "./terminal/mod.ts";
    class Known extends Error {}
    await runProgram("parley-x", async () => { ${main} },
      (error) => error instanceof Known ? 3 : undefined);
  `;
}

Deno.test("main's return value is the exit code, whatever is still under way", async () => {
  const ran = await runScript(
    program(`setTimeout(() => {}, 60_000); writeLine("done"); return 1;`),
  );
  assertEquals(ran, { code: 1, stdout: "done\n", stderr: "" });
});

Deno.test("wrong usage exits with 2 and one sentence", async () => {
  const ran = await runScript(program(`throw new UsageError("no such flag");`));
  assertEquals(ran, {
    code: 2,
    stdout: "",
    stderr: "parley-x: no such flag\n",
  });
});

Deno.test("an error that is known exits with its code, its sentence made harmless", async () => {
  const { code, stderr } = await runScript(
    program(`throw new Known("the server said: \\u001b[2J\\nforged");`),
  );
  assertEquals(code, 3);
  assertStringIncludes(stderr, "parley-x: the server said: ");
  assertFalse(stderr.includes("\u001b"));
  assertEquals(stderr.split("\n").length, 2);
});

Deno.test("an error that nobody knows is a bug, and shows where", async () => {
  const { code, stderr } = await runScript(program(`throw new Error("bug");`));
  assertEquals(code, 1);
  assertStringIncludes(stderr, "bug");
  assertStringIncludes(stderr, "    at ");
});

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name:
      `a program that ${signal} ends exits with ${exitCode}, without a word`,
    ignore: Deno.build.os === "windows",
    async fn() {
      await using child = startScript(program(`
        using interrupt = new Interrupt();
        writeLine("ready");
        await new Promise((_, reject) => interrupt.signal
          .addEventListener("abort", () => reject(interrupt.signal.reason)));
      `));
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill(signal);
      const { code } = await child.status;
      await reader.cancel();
      assertEquals(code, exitCode);
      assertEquals(await new Response(child.stderr).text(), "");
    },
  });
}

Deno.test({
  name: "a second signal ends a program that does not obey the first",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using child = startScript(program(`
      using interrupt = new Interrupt();
      interrupt.signal.addEventListener("abort", () => writeLine("not yet"));
      writeLine("ready");
      await new Promise(() => setTimeout(() => Deno.exit(9), 5_000));
    `));
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGINT");
    await reader.read();
    child.kill("SIGINT");
    const { signal } = await child.status;
    await reader.cancel();
    await child.stderr.cancel();
    assertEquals(signal, "SIGINT");
  },
});

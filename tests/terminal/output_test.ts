import { assertEquals, assertStringIncludes } from "@std/assert";
import { runScript } from "./run_script.ts";

const IMPORT = `import { OutputError, writeLine, writeText }
  from "./terminal/mod.ts";`;

Deno.test("writeLine adds a line feed, writeText nothing", async () => {
  const { stdout } = await runScript(`
    ${IMPORT}
    writeText("a");
    writeText("");
    writeLine("你好");
    writeLine("");
    writeText("b");
  `);
  assertEquals(stdout, "a你好\n\nb");
});

Deno.test("a long line is written whole, and is there when the program exits at once", async () => {
  const { stdout } = await runScript(`
    ${IMPORT}
    writeLine("x".repeat(1_000_000));
    Deno.exit(0);
  `);
  assertEquals(stdout.length, 1_000_001);
});

Deno.test({
  name: "an output that takes no more is an OutputError that says so",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { stderr } = await runScript(`
      ${IMPORT}
      Deno.stdout.close();
      try { writeLine("x"); } catch (error) {
        console.error(error instanceof OutputError, error.message);
      }
    `);
    assertStringIncludes(stderr, "true Cannot write to standard output: ");
  },
});

import { assertEquals, assertFalse, assertMatch } from "@std/assert";
import { Interrupt } from "../../terminal/mod.ts";
import { startScript } from "./run_script.ts";

// A signal that nobody hears would end the tests, so programs get them.
const ignore = Deno.build.os === "windows";

const HEAR = `
  import { Interrupt, Interrupted, writeLine } from "./terminal/mod.ts";
  const alive = setTimeout(() => {}, 5_000);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  writeLine("aborted: " + signal.aborted);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  const { reason } = signal;
  writeLine([reason instanceof Interrupted, reason.message, reason.exitCode]
    .join());
  clearTimeout(alive);
`;

const QUIT = `
  import { quitRequest, writeLine } from "./terminal/mod.ts";
  const alive = setTimeout(() => {}, 5_000);
  const asked = quitRequest();
  writeLine("ready");
  writeLine(await asked);
  clearTimeout(alive);
`;

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test({
    name: `${signal} aborts the signal, with what to exit with: ${exitCode}`,
    ignore,
    async fn() {
      assertEquals(
        await printedOn(signal, HEAR),
        `aborted: false\ntrue,${signal} received,${exitCode}\n`,
      );
    },
  });

  Deno.test({
    name: `${signal} is a request to quit`,
    ignore,
    async fn() {
      assertMatch(await printedOn(signal, QUIT), RegExp(`^ready\n.*${signal}`));
    },
  });
}

Deno.test("disposing ends the listening, once or twice", () => {
  // That nothing listens any more is what the sanitizers look at.
  const interrupt = new Interrupt();
  interrupt[Symbol.dispose]();
  interrupt[Symbol.dispose]();
  assertFalse(interrupt.signal.aborted);
});

/** What a program prints that gets a signal once it has printed something. */
async function printedOn(
  signal: Deno.Signal,
  script: string,
): Promise<string> {
  await using child = startScript(script);
  let printed = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (printed === "") child.kill(signal);
    printed += text;
  }
  assertEquals(await new Response(child.stderr).text(), "");
  assertEquals((await child.status).code, 0);
  return printed;
}

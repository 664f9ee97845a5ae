import { assertEquals, assertStringIncludes } from "@std/assert";

/** Runs `stray_socket.ts`. */
async function stray(...words: string[]) {
  const script = import.meta.resolve("./stray_socket.ts");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net=127.0.0.1", script, ...words],
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("an error of a socket that nobody looks after ends no program", async () => {
  assertEquals(await stray("ignore"), {
    code: 0,
    stdout: "closed\n",
    stderr: "",
  });
});

Deno.test("without that it would, and any other error still does", async () => {
  const { code, stderr } = await stray();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "ECONNRESET");
  const own = await stray("ignore", "throw");
  assertEquals([own.code, own.stdout], [1, "closed\n"]);
  assertStringIncludes(own.stderr, "of its own");
});

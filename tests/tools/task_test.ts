import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TextLineStream } from "@std/streams/text-line-stream";
import { toText } from "@std/streams/to-text";
import { permissionFlags } from "../../tools/task.ts";

/** Starts tools/task.ts as deno.json does, without JSR in its environment. */
function task(env: Record<string, string>, ...args: string[]) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-env=JSR_URL,PARLEY_PACKAGES",
      "--allow-net",
      "--allow-run",
      "tools/task.ts",
      ...args,
    ],
    env: { NO_COLOR: "1", PARLEY_PACKAGES: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function output(env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await task(env, ...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("permissionFlags grants what the set names and nothing else", () => {
  assertEquals(permissionFlags("client"), [
    "--no-prompt",
    "--allow-env=TERM",
    "--allow-net",
    "--allow-read",
    "--allow-write",
  ]);
  assertEquals(permissionFlags("server"), [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-sys=hostname",
    "--allow-write",
  ]);
  assertEquals(
    permissionFlags("demo").includes(`--allow-run=${Deno.execPath()}`),
    true,
  );
  assertThrows(() => permissionFlags("none"), TypeError, '"none"');
});

Deno.test("a task hands on its arguments, its output and its exit code", async () => {
  const offline = { PARLEY_PACKAGES: "offline" };
  const version = await output(offline, "client", "--version");
  assertEquals(version.code, 0);
  assertEquals(version.stdout.trim().split("\n").length, 1);

  const wrong = await output(offline, "client", "--no-such-flag");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, "--no-such-flag");
});

Deno.test("a task says in one line that it uses the stand-ins, and why", async () => {
  // Nobody listens on port 1.
  const registry = "http://127.0.0.1:1/";
  const { code, stderr } = await output(
    { JSR_URL: registry },
    "client",
    "--version",
  );
  assertEquals(code, 0);
  assertEquals(stderr.trimEnd().split("\n").length, 1);
  assertStringIncludes(stderr, `JSR cannot be reached at ${registry}`);
  assertStringIncludes(stderr, "offline/");
});

Deno.test("a task asks JSR for the pinned packages and names what it lacks", async () => {
  const asked: string[] = [];
  await using registry = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const known = !pathname.startsWith("/@std/cli/");
      return new Response("{}", { status: known ? 200 : 404 });
    },
  );
  const { stderr } = await output(
    { JSR_URL: `http://127.0.0.1:${registry.addr.port}/` },
    "client",
    "--version",
  );
  assertStringIncludes(stderr, "404 to jsr:@std/cli@");
  assertStringIncludes(asked.join(), "/@std/assert/");
});

Deno.test("a task refuses an unknown choice of packages", async () => {
  const { code, stderr } = await output({ PARLEY_PACKAGES: "npm" }, "client");
  assertEquals(code, 2);
  assertEquals(
    stderr,
    'PARLEY_PACKAGES must be "jsr" or "offline", but is "npm"\n',
  );
});

Deno.test("an unknown task is refused with the names of all tasks", async () => {
  for (const args of [["sever"], [], ["toString"]]) {
    const { code, stderr } = await output({}, ...args);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "server, client, demo");
  }
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test({
    name: `a task hands ${signal} on to its program and waits for its end`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const offline = { PARLEY_PACKAGES: "offline" };
      const server = task(offline, "server", "--port", "0").spawn();
      const errors = toText(server.stderr);
      const lines: string[] = [];
      for await (
        const line of server.stdout
          .pipeThrough(new TextDecoderStream())
          .pipeThrough(new TextLineStream())
      ) {
        lines.push(line);
        if (line.startsWith("Listening on ")) server.kill(signal);
      }
      assertEquals((await server.status).code, 0, await errors);
      assertStringIncludes(lines.join("\n"), "Listening on ");
    },
  });
}

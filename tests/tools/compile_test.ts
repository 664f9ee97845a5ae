import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { executables } from "../executables.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { Terminal, TERMINAL_MISSING } from "../end_to_end/terminal.ts";

/** Whether the file carries its own Deno, behind a shell header. */
async function isPacked(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(2);
  await file.read(start);
  return new TextDecoder().decode(start) === "#!";
}

/** Starts a program without any of this process's environment but `env`. */
async function run(
  program: string,
  env: Record<string, string>,
  ...args: string[]
) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { PATH: Deno.env.get("PATH")!, ...env },
    clearEnv: true,
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** A directory that is removed at the end of the test. */
async function temporaryDirectory() {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function names(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  return entries.filter(({ isFile }) => isFile).map(({ name }) => name).sort();
}

const { server, client, env: sharedCache } = await executables();
const packed = await isPacked(client);

/** What stands in for Deno where only the unpacking matters: it is a script. */
const SMALL_RUNTIME = new TextEncoder().encode("#!/bin/sh\necho small\n");

/** Packs a program again, with a runtime that is unpacked in no time. */
async function packSmall(program: string, target: string): Promise<Uint8Array> {
  const bytes = await Deno.readFile(program);
  const headerSize = numberIn(bytes, "program_start") - 1;
  const runtimeStart = numberIn(bytes, "deno_start") - 1;
  const [runtime, digest] = await Promise.all([
    new Response(
      new Blob([SMALL_RUNTIME]).stream()
        .pipeThrough(new CompressionStream("gzip")),
    ).bytes(),
    crypto.subtle.digest("SHA-256", SMALL_RUNTIME),
  ]);
  const header = new TextDecoder().decode(bytes.subarray(0, headerSize))
    .replace(/deno_sha256=\w+/, `deno_sha256=${new Uint8Array(digest).toHex()}`)
    .replace(/deno_size=\d+/, `deno_size=${runtime.length}`)
    .padEnd(headerSize, "\n");
  const packed = await new Blob([
    header,
    bytes.subarray(headerSize, runtimeStart),
    runtime,
  ]).bytes();
  await writeProgram(target, packed);
  return packed;
}

/**
 * Writes a file that can be executed, by a process that starts no others: one
 * that this process starts meanwhile, for a test beside this one, would have it
 * open for a moment, and what is open for writing is not executed.
 */
async function writeProgram(path: string, contents: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  await Deno.writeFile(part, contents, { mode: 0o755 });
  const { code } = await new Deno.Command("cp", { args: ["-p", part, path] })
    .output();
  assertEquals(code, 0);
  await Deno.remove(part);
}

/** A number that a packed program's header has. */
function numberIn(bytes: Uint8Array, name: string): number {
  const header = new TextDecoder().decode(bytes.subarray(0, 8192));
  return Number(new RegExp(`\\b${name}=(\\d+)`).exec(header)![1]);
}

Deno.test("the executables say their version", async () => {
  for (const program of [server, client]) {
    const { code, stdout, stderr } = await run(
      program,
      sharedCache,
      "--version",
    );
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /\d+\.\d+\.\d+/);
  }
});

Deno.test("an executable ignores the deno.json of the directory it is started in", async () => {
  await using directory = await temporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/deno.json`, "not JSON");
  await Deno.writeTextFile(`${directory.path}/package.json`, "not JSON");
  const { code, stderr } = await new Deno.Command(client, {
    args: ["--version"],
    cwd: directory.path,
    env: { ...sharedCache },
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  assertEquals(code, 0);
});

Deno.test({
  name:
    "a packed executable is unpacked once, whole, by starts at the same time",
  ignore: !packed,
  fn: async () => {
    await using directory = await temporaryDirectory();
    const cache = `${directory.path}/cache`;
    const env = { XDG_CACHE_HOME: cache };
    const [smallServer, smallClient] = [server, client].map((program) =>
      `${directory.path}/${program.split("/").at(-1)}`
    );
    await packSmall(server, smallServer!);
    await packSmall(client, smallClient!);
    const starts = [smallServer!, smallClient!, smallClient!, smallServer!]
      .map((program) => run(program, env, "--version"));
    for (const finished of await Promise.all(starts)) {
      assertEquals(finished, { code: 0, stdout: "small\n", stderr: "" });
    }

    const unpacked = await names(`${cache}/parley`);
    assertEquals(unpacked.length, 3);
    assertMatch(unpacked[0]!, /^deno-[0-9a-f]{64}$/);
    assertMatch(unpacked[1]!, /^parley-client-[0-9a-f]{64}\.js$/);
    assertMatch(unpacked[2]!, /^parley-server-[0-9a-f]{64}\.js$/);

    await run(smallClient!, env, "--version");
    assertEquals(await names(`${cache}/parley`), unpacked);
  },
});

Deno.test({
  name: "a packed executable that is damaged says so and leaves nothing behind",
  ignore: !packed,
  fn: async () => {
    await using directory = await temporaryDirectory();
    const damaged = `${directory.path}/parley-client`;
    const env = { XDG_CACHE_HOME: directory.path };
    const bytes = await packSmall(client, damaged);

    const changed = bytes.slice();
    // Both in the runtime, which is unpacked first.
    changed[bytes.length - 20]! ^= 1;
    for (const contents of [changed, bytes.subarray(0, bytes.length - 20)]) {
      await writeProgram(damaged, contents);
      const { code, stdout, stderr } = await run(damaged, env, "--version");
      assertEquals({ code, stdout }, { code: 1, stdout: "" });
      assertEquals(
        stderr,
        `parley-client: ${damaged} is damaged (its checksum is wrong); get it again\n`,
      );
      assertEquals(await names(`${directory.path}/parley`), []);
    }
  },
});

Deno.test({
  name: "a packed executable that can write nowhere says where it tried",
  ignore: !packed,
  fn: async () => {
    await using directory = await temporaryDirectory();
    // A file in the way stops every user, root too.
    const file = `${directory.path}/file`;
    await Deno.writeTextFile(file, "");
    for (const env of [{ XDG_CACHE_HOME: file }, { HOME: file }]) {
      const { code, stdout, stderr } = await run(client, env, "--version");
      assertEquals({ code, stdout }, { code: 1, stdout: "" });
      assertStringIncludes(stderr, `cannot make the directory ${file}/`);
      assertStringIncludes(stderr, "XDG_CACHE_HOME");
      assertFalse(stderr.trimEnd().includes("\n"), stderr);
    }
  },
});

Deno.test({
  name: "a packed executable without a home unpacks into a private directory",
  ignore: !packed,
  fn: async () => {
    await using directory = await temporaryDirectory();
    const temporary = `${directory.path}/tmp`;
    await Deno.mkdir(temporary);
    const small = `${directory.path}/parley-client`;
    await packSmall(client, small);
    const env = { TMPDIR: temporary };
    const { code, stderr } = await run(small, env, "--version");
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const [entry] = await Array.fromAsync(Deno.readDir(temporary));
    assertMatch(entry!.name, /^parley-\d+$/);
    const cache = `${temporary}/${entry!.name}`;
    assertEquals((await Deno.stat(cache)).mode! & 0o777, 0o700);

    // A link there may be somebody else's.
    await Deno.rename(cache, `${directory.path}/elsewhere`);
    await Deno.symlink(`${directory.path}/elsewhere`, cache);
    const again = await run(small, env, "--version");
    assertEquals(again.code, 1);
    assertStringIncludes(again.stderr, "belongs to somebody else");
  },
});

Deno.test({
  name: "a packed server in the background of a terminal goes on",
  ignore: !packed || TERMINAL_MISSING,
  fn: async () => {
    const [name, directory] = Object.entries(sharedCache)[0]!;
    await using terminal = new Terminal([
      ...["env", `${name}=${directory}`, "bash", "-c"],
      `set -m; ${server} --port 0 & wait`,
    ]);
    const [, port] = await terminal.stdout.find(/Listening on 127.0.0.1:(\d+)/);
    const address = `127.0.0.1:${port}`;
    const asked = await run(client, sharedCache, "--server", address, "name");
    assertEquals(asked.code, 0);
  },
});

Deno.test("compile refuses what it does not know", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...PACKAGE_FLAGS, "tools/compile.ts", "--outptu", "dist"],
  }).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "--output");
});

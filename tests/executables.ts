import { PACKAGE_FLAGS } from "../tools/packages.ts";
import type { Executables } from "../tools/programs.ts";
import { permissionFlags } from "../tools/task.ts";

/** What the executables are made of, from the root. */
const SOURCES = [
  "capture",
  "client",
  "client.ts",
  "cluster",
  "deno.json",
  "link",
  "mod.ts",
  "offline",
  "protocol",
  "server",
  "server.ts",
  "terminal",
  "tools/compile.ts",
  "tools/packages.ts",
  "tools/self_extracting.sh",
  "tools/task.ts",
];

/**
 * Makes Parley's executables of the sources as they are, as `deno task compile`
 * does. Whatever test asks first makes them; they are kept in `dist/test/` until a
 * source changes.
 *
 * @throws {Error} With what the compiler says, if they cannot be made.
 */
export async function executables(): Promise<Executables> {
  const packages = PACKAGE_FLAGS.length === 0 ? "jsr" : "offline";
  const directory = `dist/test/${packages}`;
  await Deno.mkdir(directory, { recursive: true });

  // Test files run side by side; the lock ends with the file's closing.
  using state = await Deno.open(`${directory}/sources.sha256`, {
    create: true,
    read: true,
    write: true,
  });
  await state.lock(true);
  const before = new Uint8Array(64);
  await state.read(before);
  const now = new TextEncoder().encode(await digest());
  const isNew = before.toHex() !== now.toHex();
  if (isNew) await compile(directory);

  const root = await Deno.realPath(directory);
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  const made = {
    server: `${root}/parley-server${suffix}`,
    client: `${root}/parley-client${suffix}`,
    // So that they leave nothing in the user's own directories.
    env: { XDG_CACHE_HOME: `${root}/cache` },
  };
  if (isNew) {
    // Packed ones unpack themselves at their first start: once, not in as many
    // tests as begin at the same time.
    for (const program of [made.server, made.client]) {
      await start(program, made);
    }
    await state.seek(0, Deno.SeekMode.Start);
    await state.write(now);
  }
  return made;
}

async function start(program: string, { env }: Executables): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: ["--version"],
    env: { ...env },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function compile(directory: string) {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...PACKAGE_FLAGS,
      ...permissionFlags("compile"),
      "tools/compile.ts",
      "--output",
      directory,
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** The SHA-256 of all sources and of what compiles them, in hexadecimal. */
async function digest(): Promise<string> {
  const parts = [Deno.execPath(), Deno.version.deno];
  for (const source of SOURCES) {
    for await (const path of files(source)) {
      parts.push(path, await Deno.readTextFile(path));
    }
  }
  const bytes = new TextEncoder().encode(parts.join("\0"));
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

/** The files of a directory and of those within it, or the file itself. */
async function* files(path: string): AsyncGenerator<string> {
  if ((await Deno.stat(path)).isFile) {
    yield path;
    return;
  }
  const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  for (const name of names.sort()) yield* files(`${path}/${name}`);
}

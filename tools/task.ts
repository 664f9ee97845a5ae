/**
 * Runs one of Parley's tasks: `deno task NAME [ARGUMENT …]` comes here through
 * deno.json. What each task does stands in {@linkcode TASKS}.
 *
 * Parley's packages come from JSR. Where JSR cannot be reached (a firewall, a
 * machine without internet), every task uses the stand-ins of `offline/` in
 * their place and says so in one line on standard error. Two environment
 * variables have a say in that:
 *
 * - `PARLEY_PACKAGES`: `jsr` or `offline` forces the choice. Without it, JSR is
 *   asked for the packages that deno.json pins.
 * - `JSR_URL`: another JSR registry, as Deno itself understands it.
 *
 * A third, `DENO_JOBS`, says how many test files run side by side, as it does for
 * `deno test`.
 *
 * The exit code is the one of the first command that fails, or 0; 2 if the task
 * or the value of `PARLEY_PACKAGES` is unknown.
 *
 * This file imports nothing but deno.json, so that it runs before anything has
 * been downloaded.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

/** The flag that puts the stand-ins of `offline/` in the packages' place. */
const OFFLINE = "--import-map=offline/import_map.json";

/**
 * How many test files run side by side at least: many of them wait, for a
 * program to start or for a time to be over, and leave the processor to others.
 */
const TEST_JOBS = 6;

/** How long JSR may take to answer, in milliseconds. */
const JSR_TIMEOUT_MS = 3_000;

/** Which packages the tasks use. */
interface Packages {
  /** The flags for `deno` that choose them. */
  flags: string[];
  /** Why they are not JSR's. Not there if they are. */
  reason?: string;
}

/**
 * The `deno` commands of a task, each as its list of arguments. All of them are
 * run, one after the other. `args` are the arguments that the user has given.
 */
type Task = (packages: Packages, args: string[]) => string[][];

const TASKS: Record<string, Task> = {
  server: program("server", "server.ts"),
  client: program("client", "client.ts"),
  demo: program("demo", "tools/demo.ts"),
  "demo:cluster": program("demo:cluster", "tools/demo_cluster.ts"),
  soak: program("soak", "tools/soak.ts"),
  "soak:cluster": program("soak:cluster", "tools/soak_cluster.ts"),
  bench: program("bench", "bench/main.ts"),
  lab: program("lab", "lab/main.ts"),
  compile: program("compile", "tools/compile.ts"),

  test: ({ flags }, args) => [
    [
      "test",
      // Types are looked at by `check`.
      "--no-check",
      "--doc",
      "--parallel",
      ...flags,
      ...permissionFlags("test"),
      ...args,
    ],
  ],

  check: ({ reason }) => {
    const fmt = ["fmt", "--check"];
    const docs = ["doc", "--lint", OFFLINE, ...Object.values(config.exports)];
    const check = ["check", "--doc"];
    if (reason === undefined) {
      return [fmt, ["lint"], docs, [...check, OFFLINE], check];
    }
    console.error(`Not checked: the types with JSR's packages (${reason})`);
    // This one rule would load the packages.
    const lint = ["lint", "--rules-exclude=no-slow-types"];
    return [fmt, lint, docs, [...check, OFFLINE]];
  },
};

/** The task that runs one program with one of deno.json's permission sets. */
function program(permissionSet: string, entry: string): Task {
  return ({ flags }, args) => [
    ["run", ...flags, ...permissionFlags(permissionSet), entry, ...args],
  ];
}

/**
 * The flags that grant one of the permission sets of deno.json and nothing else.
 * (`deno run -P=NAME` grants the same, but warns at every start that it is
 * experimental.) Among the programs that may be run, `deno` means the one that
 * runs this, wherever it is.
 *
 * @param name The set's name.
 * @throws {TypeError} If deno.json has no such set.
 */
export function permissionFlags(name: string): string[] {
  const sets: Record<string, Record<string, boolean | string[]>> =
    config.permissions;
  const set = sets[name];
  if (set === undefined) {
    throw new TypeError(`deno.json has no permission set "${name}"`);
  }
  const flags = ["--no-prompt"];
  for (const [kind, granted] of Object.entries(set)) {
    if (granted === true) {
      flags.push(`--allow-${kind}`);
    } else if (granted) {
      const items = granted.map((item) =>
        kind === "run" && item === "deno" ? Deno.execPath() : item
      );
      flags.push(`--allow-${kind}=${items.join()}`);
    }
  }
  return flags;
}

/**
 * Chooses the packages.
 *
 * @throws {TypeError} If `PARLEY_PACKAGES` is neither `jsr` nor `offline`.
 */
async function choosePackages(): Promise<Packages> {
  const choice = Deno.env.get("PARLEY_PACKAGES");
  let reason: string | undefined;
  if (choice === "offline") {
    reason = "PARLEY_PACKAGES=offline";
  } else if (!choice) {
    reason = await whyNotJsr();
  } else if (choice !== "jsr") {
    throw new TypeError(
      `PARLEY_PACKAGES must be "jsr" or "offline", but is "${choice}"`,
    );
  }
  return reason === undefined ? { flags: [] } : { flags: [OFFLINE], reason };
}

/**
 * Asks JSR for every package that deno.json pins there. Gives the reason why they
 * cannot be had, or nothing if they can.
 */
async function whyNotJsr(): Promise<string | undefined> {
  const registry = Deno.env.get("JSR_URL") || "https://jsr.io/";
  const signal = AbortSignal.timeout(JSR_TIMEOUT_MS);
  const pinned = Object.values(config.imports)
    .filter((specifier) => specifier.startsWith("jsr:"));
  try {
    const statuses = await Promise.all(pinned.map(async (specifier) => {
      const path = specifier.replace(/^jsr:(.+)@(.+)$/, "$1/$2_meta.json");
      const response = await fetch(new URL(path, registry), { signal });
      await response.body?.cancel();
      return response.status;
    }));
    const refused = statuses.findIndex((status) => status !== 200);
    if (refused === -1) return undefined;
    return `${registry} answers ${statuses[refused]} to ${pinned[refused]}`;
  } catch {
    return `JSR cannot be reached at ${registry}`;
  }
}

/**
 * Runs `deno` on this program's own standard streams and waits for its end.
 *
 * @returns Its exit code.
 */
async function deno(args: string[]): Promise<number> {
  // Ctrl+C on a terminal reaches the child by itself; this process only has to
  // outlive it. Whatever else is sent to this process alone is handed on, from
  // the child's beginning.
  const atTerminal = Deno.stdin.isTerminal();
  const interrupt = () => {
    if (!atTerminal) child.kill("SIGINT");
  };
  const terminate = () => child.kill("SIGTERM");
  const windows = Deno.build.os === "windows";

  Deno.addSignalListener("SIGINT", interrupt);
  if (!windows) Deno.addSignalListener("SIGTERM", terminate);
  const env = args[0] === "test" ? { DENO_JOBS: testJobs() } : {};
  const child = new Deno.Command(Deno.execPath(), { args, env }).spawn();
  const { code } = await child.status;
  Deno.removeSignalListener("SIGINT", interrupt);
  if (!windows) Deno.removeSignalListener("SIGTERM", terminate);
  return code;
}

/** How many test files run side by side. */
function testJobs(): string {
  return Deno.env.get("DENO_JOBS") ||
    `${Math.max(TEST_JOBS, navigator.hardwareConcurrency)}`;
}

async function main(name = "", args: string[]): Promise<number> {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task === undefined) {
    const names = Object.keys(TASKS).join(", ");
    console.error(`There is no task "${name}". The tasks are: ${names}`);
    return 2;
  }

  let packages: Packages;
  try {
    packages = await choosePackages();
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  if (packages.reason !== undefined) {
    console.error(
      `${packages.reason}: using the stand-ins of offline/ ` +
        `(PARLEY_PACKAGES=jsr or =offline forces the choice)`,
    );
  }

  let result = 0;
  for (const command of task(packages, args)) {
    const code = await deno(command);
    result ||= code;
  }
  return result;
}

if (import.meta.main) {
  const [name, ...args] = Deno.args;
  Deno.exit(await main(name, args));
}

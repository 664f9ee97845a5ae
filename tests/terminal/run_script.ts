import { PACKAGE_FLAGS } from "../../tools/packages.ts";

const root = new URL("../../", import.meta.url);

/** A program that ran in a process of its own. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Starts a script whose imports are relative to the root. */
export function startScript(
  script: string,
  permissions: readonly string[] = [],
): Deno.ChildProcess {
  const absolute = script.replaceAll(
    /from "\.\/(.*?)"/g,
    (_, path) => `from "${new URL(path, root)}"`,
  );
  const code = `data:text/typescript,${encodeURIComponent(absolute)}`;
  return new Deno.Command(Deno.execPath(), {
    // A script that is no file has no deno.json of its own.
    args: [
      ...["run", "--no-check", "--no-prompt", "--config=deno.json"],
      ...[...PACKAGE_FLAGS, ...permissions, code],
    ],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

/** Runs a script to its end. */
export async function runScript(
  script: string,
  permissions: readonly string[] = [],
): Promise<Ran> {
  const child = startScript(script, permissions);
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

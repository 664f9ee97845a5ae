import { PACKAGE_FLAGS } from "../../tools/packages.ts";

const root = new URL("../../", import.meta.url);

/** A program that ran in a process of its own. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Starts a script whose imports are relative to the root. */
export function startScript(script: string): Deno.ChildProcess {
  const absolute = script.replaceAll(
    /from "\.\/(.*?)"/g,
    (_, path) => `from "${new URL(path, root)}"`,
  );
  const code = `data:text/typescript,${encodeURIComponent(absolute)}`;
  return new Deno.Command(Deno.execPath(), {
    // A script that is no file has no deno.json of its own.
    args: ["run", "--no-check", "--config=deno.json", ...PACKAGE_FLAGS, code],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

/** Runs a script to its end. */
export async function runScript(script: string): Promise<Ran> {
  const { code, stdout, stderr } = await startScript(script).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

import { Program } from "../../tools/program.ts";

/** Whether there is a tmux to make terminals with. */
export const TERMINAL_MISSING: boolean = await isMissing();

async function isMissing(): Promise<boolean> {
  try {
    await new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).output();
    return false;
  } catch {
    return true;
  }
}

/**
 * A program that runs on a terminal of its own, made by tmux.
 *
 * What it prints is awaited through tmux's control mode: each piece of output is
 * a line `%output %0 …` with everything but plain text as octal escapes, so that
 * colours can be seen.
 */
export class Terminal extends Program {
  readonly #socket: string;

  /** Opens a terminal and starts the program that `command` is there. */
  constructor(
    command: readonly string[],
    { columns = 100, rows = 30 }: { columns?: number; rows?: number } = {},
  ) {
    const socket = `parley-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    // The shell says how the program ended, and stays until the terminal is
    // closed.
    const script = `${command.map(quote).join(" ")}; echo "exit=$?."; read _`;
    super([
      ...["tmux", "-L", socket, "-f", "/dev/null", "-C"],
      ...["new-session", "-x", `${columns}`, "-y", `${rows}`, script],
    ]);
    this.#socket = socket;
  }

  /** Types keys, named as tmux names them: `q`, `Enter`, `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.type(`send-keys ${keys.map(quote).join(" ")}\n`);
  }

  /** Waits for the end of the program; returns its exit code. */
  async exitCode(): Promise<number> {
    const [, code] = await this.stdout.find(/exit=(\d+)\./);
    return Number(code);
  }

  /** Has tmux run a command, and returns what that prints. */
  async run(...command: string[]): Promise<string> {
    const { stdout } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...command],
    }).output();
    return new TextDecoder().decode(stdout);
  }

  /** Closes the terminal; the program is hung up. */
  override async [Symbol.asyncDispose](): Promise<void> {
    await new Deno.Command("tmux", {
      args: ["-L", this.#socket, "kill-server"],
      stderr: "null",
    }).output();
    await super[Symbol.asyncDispose]();
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

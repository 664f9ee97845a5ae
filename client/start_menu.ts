import { writeText } from "../terminal/mod.ts";
import { type MenuOptions, runMenu } from "./menu.ts";
import { PlainPrompter } from "./prompts/plain_prompter.ts";
import type { Prompter } from "./prompts/prompter.ts";
import { lastServer } from "./settings.ts";
import type { Texts } from "./texts/mod.ts";

/** How the menu is started. */
export interface StartMenuOptions extends MenuOptions {
  /** Whether the server that was connected to last is offered first. */
  readonly offerLast: boolean;
  /** Whether it is on plain lines, even on a terminal. */
  readonly plain: boolean;
}

/** Runs the menu on standard input and output, until the person quits. */
export async function startMenu(
  { offerLast, plain, ...options }: StartMenuOptions,
): Promise<void> {
  const last = offerLast ? lastServer() : undefined;
  using prompter = await choosePrompter(plain, options.texts);
  const servers = last === undefined ? options.servers : [last] as const;
  await runMenu(prompter, { ...options, servers });
}

/** Prompts are drawn where there is a terminal that can; else plain lines. */
async function choosePrompter(plain: boolean, texts: Texts): Promise<Prompter> {
  const drawn = !plain && Deno.stdin.isTerminal() &&
    Deno.stdout.isTerminal() && Deno.env.get("TERM") !== "dumb";
  if (!drawn) {
    return new PlainPrompter({
      input: Deno.stdin.readable,
      write: writeText,
      echo: !Deno.stdin.isTerminal(),
      texts,
    });
  }
  // Loaded only here, as nothing else needs what draws.
  const { TerminalPrompter } = await import("./prompts/terminal_prompter.ts");
  return new TerminalPrompter({ texts });
}

import { type Flag, type FlagTable, UsageError } from "../terminal/mod.ts";

/** What can be typed behind a program's name. */
export interface CommandLine {
  /** The program's name. */
  readonly program: string;
  /** Its commands by their names: the words they take, and what they do. */
  readonly commands: Readonly<
    Record<string, { readonly words: readonly string[]; readonly help: string }>
  >;
  /** Its flags. */
  readonly flags: FlagTable;
}

/** Makes the script that teaches a shell what can be typed. */
type Completer = (line: CommandLine) => string;

const COMPLETERS: Readonly<Record<string, Completer>> = { bash, zsh, fish };

/** The shells that there are completions for. */
export const shells: readonly string[] = Object.keys(COMPLETERS);

/**
 * A script for a shell that completes a program's commands, flags and, where
 * there are a few, their values.
 *
 * @throws {UsageError} If there is none for this shell.
 */
export function completions(shell: string, line: CommandLine): string {
  const completer = COMPLETERS[shell];
  if (completer === undefined) {
    throw new UsageError(
      `completions takes ${shells.join(" or ")}, not "${shell}"`,
    );
  }
  return completer(line);
}

function bash({ program, commands, flags }: CommandLine): string {
  const words = [
    ...Object.keys(commands),
    ...Object.keys(flags).map((flag) => `--${flag}`),
  ];
  const values = Object.entries(flags).flatMap(([name, flag]) => {
    if (namesFile(flag)) {
      const files = 'compgen -f -- "${COMP_WORDS[COMP_CWORD]}"';
      return [`    --${name}) COMPREPLY=($(${files})); return ;;`];
    }
    if (flag.kind !== "choice") return [];
    return [`    --${name}) words="${flag.choices.join(" ")}" ;;`];
  });
  const fn = `_${program.replaceAll("-", "_")}`;
  return `# ${program}: completions for bash.
# source <(${program} completions bash)
${fn}() {
  local words="${words.join(" ")}"
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join("\n")}
    completions) words="${shells.join(" ")}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F ${fn} ${program}`;
}

function zsh({ program, commands, flags }: CommandLine): string {
  const quote = (text: string) =>
    text.replaceAll(/[[\]:]/g, (c) => `\\${c}`).replaceAll("'", `'\\''`);
  const flagLines = Object.entries(flags).map(([name, flag]) => {
    const help = quote(flag.help);
    switch (flag.kind) {
      case "switch":
        return `    '--${name}[${help}]'`;
      case "choice":
        return `    '--${name}[${help}]:value:(${flag.choices.join(" ")})'`;
      default:
        return `    '--${name}[${help}]:${flag.value}:${
          namesFile(flag) ? "_files" : ""
        }'`;
    }
  });
  const commandLines = Object.entries(commands).map(([name, { help }]) =>
    `        '${name}:${quote(help)}'`
  );
  const fn = `_${program.replaceAll("-", "_")}`;
  return `#compdef ${program}
# ${program}: completions for zsh.
# source <(${program} completions zsh)
${fn}() {
  local context state line
  _arguments \\
${flagLines.join(" \\\n")} \\
    '1:command:->command' \\
    '*::argument:->argument'
  case "$state" in
    command)
      local -a commands=(
${commandLines.join("\n")}
      )
      _describe command commands ;;
    argument)
      [[ "$line[1]" == completions ]] && compadd ${shells.join(" ")} ;;
  esac
}
compdef ${fn} ${program}`;
}

function fish({ program, commands, flags }: CommandLine): string {
  const quote = (text: string) => text.replaceAll(/['\\]/g, (c) => `\\${c}`);
  const start = `complete -c ${program}`;
  return [
    `# ${program}: completions for fish.`,
    `# ${program} completions fish | source`,
    `${start} -f`,
    ...Object.entries(commands).map(([name, { help }]) =>
      `${start} -n __fish_use_subcommand -a ${name} -d '${quote(help)}'`
    ),
    `${start} -n '__fish_seen_subcommand_from completions' -a '${
      shells.join(" ")
    }'`,
    ...Object.entries(flags).map(([name, flag]) => {
      const values = flag.kind === "switch"
        ? ""
        : namesFile(flag)
        ? " -r -F"
        : flag.kind === "choice"
        ? ` -x -a '${flag.choices.join(" ")}'`
        : " -x";
      return `${start} -l ${name}${values} -d '${quote(flag.help)}'`;
    }),
  ].join("\n");
}

/** Whether a flag's value is the name of a file. */
function namesFile(flag: Flag): boolean {
  return flag.kind === "text" && flag.value === "FILE";
}

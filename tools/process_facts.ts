/** A clock tick of the kernel's accounting, in seconds; 100 a second on Linux. */
const TICK_SECONDS = 0.01;

/** How much memory a process has in use, in bytes: its resident set. Linux. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await output("cat", `/proc/${pid}/status`);
  const [, kibibytes] = /^VmRSS:\s*(\d+) kB$/m.exec(status)!;
  return Number(kibibytes) * 1024;
}

/** The CPU time that a process has used so far, in seconds. Linux. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await output("cat", `/proc/${pid}/stat`);
  // The name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
}

/** How many file descriptors a process has open. Linux. */
export async function openFiles(pid: number): Promise<number> {
  const files = await output("ls", `/proc/${pid}/fd`);
  return files.trimEnd().split("\n").length;
}

/** The words that a process was started with. Linux. */
export async function commandLine(pid: number): Promise<string[]> {
  const words = await output("cat", `/proc/${pid}/cmdline`);
  return words.split("\0").slice(0, -1);
}

/**
 * Waits until a process that was sent SIGSTOP stands still, with all its threads:
 * until then it may do something yet. On Linux; elsewhere that is not to be seen.
 */
export async function standsStill(pid: number): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const script = `cat /proc/${pid}/task/*/stat`;
  for (;;) {
    const stats = await output("sh", "-c", script);
    // The name, in parentheses, may hold spaces; the state stands behind it.
    const states = stats.trimEnd().split("\n")
      .map((stat) => stat[stat.lastIndexOf(")") + 2]);
    if (states.every((state) => state === "T")) return;
  }
}

/** Deno itself reads `/proc` only with every permission that there is. */
async function output(program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args })
    .output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout);
}

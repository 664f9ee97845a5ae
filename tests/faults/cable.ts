/** The network of a test, which is for documentation: nobody has it. */
const NETWORK = "192.0.2";

/** Runs `ip`. */
function ip(...args: string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args }).outputSync();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`ip ${args.join(" ")}: ${said}`);
}

/**
 * Two networks of their own (Linux calls them namespaces), in which nothing is
 * but one end each of a cable. Whoever disposes of it removes both.
 */
export class Cable implements Disposable {
  /** The address at the near end. */
  readonly nearAddress = `${NETWORK}.1`;
  /** What starts a program at the near end: a command line to put before it. */
  readonly near: readonly string[];
  /** What starts a program at the far end. */
  readonly far: readonly string[];
  // Other tests may run at the same time.
  readonly #nearName = `parley-near-${Deno.pid}`;
  readonly #farName = `parley-far-${Deno.pid}`;
  readonly #device = "cable";

  /** Lays it. */
  constructor() {
    this.near = ["ip", "netns", "exec", this.#nearName];
    this.far = ["ip", "netns", "exec", this.#farName];
    try {
      ip("netns", "add", this.#nearName);
      ip("netns", "add", this.#farName);
      ip(
        ...["link", "add", this.#device, "netns", this.#nearName],
        ...["type", "veth", "peer", "name", this.#device],
        ...["netns", this.#farName],
      );
      this.#attach(this.#nearName, this.nearAddress);
      this.#attach(this.#farName, `${NETWORK}.2`);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Pulls it out: nothing gets through, and nobody is told. */
  pull(): void {
    ip("-n", this.#farName, "link", "set", this.#device, "down");
  }

  /** Plugs it in again. */
  plug(): void {
    ip("-n", this.#farName, "link", "set", this.#device, "up");
  }

  /** Removes it, and the networks. */
  [Symbol.dispose](): void {
    const steps = [
      ["-n", this.#nearName, "link", "delete", this.#device],
      ["netns", "delete", this.#nearName],
      ["netns", "delete", this.#farName],
    ];
    for (const step of steps) {
      try {
        ip(...step);
      } catch {
        // It did not come to that.
      }
    }
  }

  #attach(name: string, address: string): void {
    ip("-n", name, "address", "add", `${address}/24`, "dev", this.#device);
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "link", "set", this.#device, "up");
  }
}

/** Why there can be no cable on this machine, if there cannot. */
export function whyNoCable(): string | undefined {
  if (Deno.build.os !== "linux") return "it takes Linux";
  try {
    using _cable = new Cable();
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? 'there is no program "ip" (iproute2)'
      : (error as Error).message;
  }
}

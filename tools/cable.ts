/** The network at the cable, which is for documentation: nobody has it. */
const NETWORK = "192.0.2";

/** Runs `ip`. */
function ip(...args: string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args }).outputSync();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`ip ${args.join(" ")}: ${said}`);
}

/** All cables that are laid. */
const laid = new Set<Cable>();

/** Removes all cables: for a tool that is told to end at once. */
export function removeCables(): void {
  for (const cable of laid) cable[Symbol.dispose]();
}

/**
 * Two machines at a switch, each a network of its own (Linux calls them
 * namespaces): the near one, and the far one, whose cable can be pulled out of
 * the switch. Whoever disposes of it removes all three.
 */
export class Cable implements Disposable {
  /** The address of the near machine. */
  readonly nearAddress = `${NETWORK}.1`;
  /** The address of the far machine. */
  readonly farAddress = `${NETWORK}.2`;
  /** The network interface that each of the two has. */
  readonly device = "eth0";
  /** What starts a program on the near machine: words to put before it. */
  readonly near: readonly string[];
  /** What starts a program on the far machine. */
  readonly far: readonly string[];
  readonly #nearName: string;
  readonly #farName: string;
  readonly #switchName: string;

  /** Lays it. */
  constructor() {
    // Others may lay cables at the same time, in the same process, too.
    const id = `${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    this.#nearName = `parley-near-${id}`;
    this.#farName = `parley-far-${id}`;
    this.#switchName = `parley-switch-${id}`;
    this.near = ["ip", "netns", "exec", this.#nearName];
    this.far = ["ip", "netns", "exec", this.#farName];
    laid.add(this);
    try {
      ip("netns", "add", this.#switchName);
      ip("-n", this.#switchName, "link", "add", "switch", "type", "bridge");
      this.#up(this.#switchName, "switch");
      this.#attach(this.#nearName, "near", this.nearAddress);
      this.#attach(this.#farName, "far", this.farAddress);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Pulls it out: nothing gets through, and only the far machine sees that. */
  pull(): void {
    ip("-n", this.#switchName, "link", "set", "far", "down");
  }

  /** Plugs it in again. */
  plug(): void {
    ip("-n", this.#switchName, "link", "set", "far", "up");
  }

  /** Removes it, and the machines. */
  [Symbol.dispose](): void {
    laid.delete(this);
    const names = [this.#nearName, this.#farName, this.#switchName];
    // A network lives on while a program or a socket in it does; its cable need
    // not.
    const steps = [
      ["-n", this.#switchName, "link", "delete", "near"],
      ["-n", this.#switchName, "link", "delete", "far"],
      ...names.map((name) => ["netns", "delete", name]),
    ];
    for (const step of steps) {
      try {
        ip(...step);
      } catch {
        // It did not come to that.
      }
    }
  }

  /** Makes a machine, with a cable from there to the switch's port `port`. */
  #attach(name: string, port: string, address: string): void {
    const { device } = this;
    ip("netns", "add", name);
    ip(
      ...["link", "add", device, "netns", name, "type", "veth"],
      ...["peer", "name", port, "netns", this.#switchName],
    );
    ip("-n", this.#switchName, "link", "set", port, "master", "switch");
    this.#up(this.#switchName, port);
    ip("-n", name, "address", "add", `${address}/24`, "dev", device);
    this.#up(name, "lo");
    this.#up(name, device);
  }

  #up(name: string, device: string): void {
    ip("-n", name, "link", "set", device, "up");
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

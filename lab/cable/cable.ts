import { Cable } from "../../tools/cable.ts";
import type { Experiment, Obstacle } from "../experiment.ts";
import { whyNoSockets } from "../sockets.ts";
import { describeCable } from "./describe.ts";
import { judgeCable } from "./judge.ts";
import type { CableObservation } from "./observation.ts";
import { observeCable } from "./observe.ts";

/** A client's network cable is pulled: who notices, and when? */
export const cable: Experiment<CableObservation> = {
  name: "cable",
  titles: { en: "The cable is pulled", zh: "拔掉网线" },
  obstacle,
  observe: observeCable,
  judge: judgeCable,
  describe: describeCable,
};

async function obstacle(): Promise<Obstacle | undefined> {
  if (Deno.build.os !== "linux") return { kind: "not-linux" };
  if (Deno.uid() !== 0) return { kind: "not-root" };
  try {
    using _cable = new Cable();
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? { kind: "missing", program: "ip", package: "iproute2" }
      : { kind: "refused", message: (error as Error).message };
  }
  return await whyNoSockets();
}

import type { Experiment } from "../experiment.ts";
import { describeFunctions } from "./describe.ts";
import { judgeFunctions } from "./judge.ts";
import type { FunctionsObservation } from "./observation.ts";
import { observeFunctions } from "./observe.ts";

/** Every function of the programs: the screens, and the packets. */
export const functions: Experiment<FunctionsObservation> = {
  name: "functions",
  titles: { en: "Every function", zh: "逐个功能" },
  obstacle: () => Promise.resolve(undefined),
  observe: observeFunctions,
  judge: judgeFunctions,
  describe: describeFunctions,
};

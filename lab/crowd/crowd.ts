import type { Experiment } from "../experiment.ts";
import { describeCrowd } from "./describe.ts";
import { judgeCrowd } from "./judge.ts";
import type { CrowdObservation } from "./observation.ts";
import { observeCrowd } from "./observe.ts";

/** Several clients send 100 requests each at the same moment. */
export const crowd: Experiment<CrowdObservation> = {
  name: "crowd",
  titles: {
    en: "Several clients at the same moment",
    zh: "多个客户端同时请求",
  },
  obstacle: () => Promise.resolve(undefined),
  observe: observeCrowd,
  judge: judgeCrowd,
  describe: describeCrowd,
};

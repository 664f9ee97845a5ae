import type { Experiment } from "../experiment.ts";
import { describeRequests } from "./describe.ts";
import { judgeRequests } from "./judge.ts";
import type { RequestsObservation } from "./observation.ts";
import { observeRequests } from "./observe.ts";

/**
 * One choice sends 100 time requests: does the server answer all, and how many
 * packets go over the wire? Without root, the kernel's counters stand in for the
 * capture.
 */
export const requests: Experiment<RequestsObservation> = {
  name: "requests",
  titles: {
    en: "100 requests by one choice",
    zh: "一次选择发出 100 个请求",
  },
  obstacle: () => Promise.resolve(undefined),
  observe: observeRequests,
  judge: judgeRequests,
  describe: describeRequests,
};

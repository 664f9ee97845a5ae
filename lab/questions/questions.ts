import type { Experiment } from "../experiment.ts";
import { whyNoSockets } from "../sockets.ts";
import { describeQuestions } from "./describe.ts";
import { judgeQuestions } from "./judge.ts";
import type { QuestionsObservation } from "./observation.ts";
import { observeQuestions } from "./observe.ts";

/** The lab's questions, each answered from what is measured; takes a minute. */
export const questions: Experiment<QuestionsObservation> = {
  name: "questions",
  titles: { en: "The lab's questions", zh: "思考题" },
  obstacle: whyNoSockets,
  observe: observeQuestions,
  judge: judgeQuestions,
  describe: describeQuestions,
};

import type { Lab } from "../experiment.ts";
import { observeBeforeAccept } from "./before_accept.ts";
import { observeLocalPort } from "./local_port.ts";
import type { QuestionsObservation } from "./observation.ts";
import { observeSegments } from "./segments_and_sends.ts";
import { observeSilentClient } from "./silent_client.ts";
import { observeTellingApart } from "./telling_apart.ts";
import { TimeWaiting } from "./time_wait.ts";

/** Measures what answers the lab's questions; TIME-WAIT beside the others. */
export async function observeQuestions(
  lab: Lab,
): Promise<QuestionsObservation> {
  await using timeWaiting = await TimeWaiting.begin(lab);
  return {
    localPort: await observeLocalPort(lab),
    beforeAccept: await observeBeforeAccept(),
    segments: await observeSegments(),
    tellingApart: await observeTellingApart(lab),
    silentClient: await observeSilentClient(lab),
    timeWait: await timeWaiting.seen,
  };
}

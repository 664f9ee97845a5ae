import type { BeforeAcceptSeen } from "./before_accept.ts";
import type { LocalPortSeen } from "./local_port.ts";
import type { SegmentsSeen } from "./segments_and_sends.ts";
import type { SilentClientSeen } from "./silent_client.ts";
import type { TellingApartSeen } from "./telling_apart.ts";
import type { TimeWaitSeen } from "./time_wait.ts";

/** What was measured for the lab's questions, in their order. */
export interface QuestionsObservation {
  readonly localPort: LocalPortSeen;
  readonly beforeAccept: BeforeAcceptSeen;
  readonly segments: SegmentsSeen;
  readonly tellingApart: TellingApartSeen;
  readonly timeWait: TimeWaitSeen;
  readonly silentClient: SilentClientSeen;
}

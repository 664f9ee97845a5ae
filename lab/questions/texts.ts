import type { Marked } from "../document/document.ts";
import type { Question, QuestionsClaim } from "./judge.ts";
import type { KernelPatience } from "./kernel_patience.ts";
import type { QuestionsObservation } from "./observation.ts";
import type { Way } from "./segments_and_sends.ts";
import type { First } from "./time_wait.ts";

/** What is told about the lab's questions, in one language. */
export interface Texts {
  /** The questions, as the lab asks them. */
  readonly questions: Readonly<Record<Question, Marked>>;
  /** The answers, from what was measured, if it is as claimed. */
  readonly answers:
    & {
      readonly [Key in Exclude<Question, "silentClient">]: (
        seen: QuestionsObservation[Key],
      ) => Marked;
    }
    & {
      readonly silentClient: (
        seen: QuestionsObservation["silentClient"],
        patience: KernelPatience,
      ) => Marked;
    };
  /** In an answer's place, if what was measured is not as claimed. */
  readonly unexpected: Marked;
  readonly claims: Readonly<Record<QuestionsClaim, Marked>>;

  /** Whose log it is, and of how many runs of which command. */
  readonly logOf: (runs: number, command: string) => Marked;
  /** When the sockets were looked at. */
  readonly beforeAccept: string;
  readonly afterAccept: string;
  readonly ways: Readonly<Record<Way, Marked>>;
  /** Columns: way, sends, bytes, segments, largest segment, reads. */
  readonly segmentsHead: readonly Marked[];
  readonly segmentsCaption: Marked;
  /** Why it is so, way by way. */
  readonly segmentsWhy: (
    readSize: number,
    mtu: number,
  ) => readonly Marked[];
  /** Where the kernel's count of one way is from. */
  readonly sender: (way: Marked) => string;
  /** Columns: number, client's end, server's end. */
  readonly endsHead: readonly Marked[];
  readonly endsCaption: Marked;
  /** Who has closed first. */
  readonly closedFirst: Readonly<Record<First, string>>;
  /** Columns: who closed first, from, to, seen until, gone at. */
  readonly waitsHead: readonly Marked[];
  readonly waitsCaption: Marked;
  readonly sides: Readonly<Record<First, Marked>>;
  /** It was there to the last look. */
  readonly notGone: Marked;
  /** While the port is in TIME-WAIT. */
  readonly restart: string;
  readonly restartSockets: string;
  /** While a client is frozen. */
  readonly frozen: string;
  /** Columns: who, when, after. */
  readonly patienceHead: readonly Marked[];
  readonly patienceCaption: Marked;
  /** What each would do, and after how long. */
  readonly patience: (
    seen: QuestionsObservation["silentClient"],
    patience: KernelPatience,
  ) => readonly (readonly [Marked, Marked, Marked])[];
  /** The server's log while a client was frozen. */
  readonly silentLog: (command: string) => Marked;
}

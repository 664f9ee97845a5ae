import type { Marked } from "../document/document.ts";

/** What is told about the protocol itself, in one language. */
export interface ProtocolTexts {
  readonly title: string;
  readonly intro: Marked;
  /** What the design has to answer. */
  readonly answers: readonly {
    readonly question: Marked;
    readonly answer: Marked;
  }[];
  readonly kindsHeading: Marked;
  /** The three kinds of packet: what stands above each drawing. */
  readonly request: Marked;
  readonly response: Marked;
  readonly indication: Marked;
  readonly listHeading: Marked;
  readonly list: Marked;
  readonly refusalHeading: Marked;
  readonly refusal: Marked;
  readonly numbersHeading: Marked;
  /** What there are numbers of. */
  readonly numbers: Readonly<
    Record<"type" | "command" | "status" | "reason" | "code", Marked>
  >;
  /** The columns: what there are numbers of, and the numbers with their names. */
  readonly numbersHead: readonly [Marked, Marked];
  /** What stands between one number and the next. */
  readonly separator: string;
  /** Who sends the packets in the drawings. */
  readonly client: string;
  readonly server: string;
}

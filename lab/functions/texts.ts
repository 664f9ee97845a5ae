import type { FunctionClaim } from "./judge.ts";
import type { FunctionName, Party } from "./observation.ts";

/** What is said about the functions, in one language. */
export interface FunctionsTexts {
  /** What was done; the captures are named in it. */
  readonly intro: (captures: Readonly<Record<Party, string>>) => string;
  /** The parties' names. */
  readonly parties: Readonly<Record<Party, string>>;
  /** What each function is called. */
  readonly names: Readonly<Record<FunctionName, string>>;
  /** What each function does, and what there is to see. */
  readonly explanations: Readonly<Record<FunctionName, string>>;
  /** What is claimed, and was compared. */
  readonly claims: Readonly<Record<FunctionClaim, string>>;
  /** Which packets of which file a function's are. */
  readonly packets: (first: number, last: number, file: string) => string;
  /** What is left out of a drawing because it was drawn before. */
  readonly drawnBefore: (function_: string) => string;
  /** Where Wireshark's own words stand. */
  readonly inWireshark: string;
  /** Why they are missing. */
  readonly noShark: { readonly why: string; readonly how: string };
}

import type { SharkOutput } from "../shark.ts";

/** The functions of the lab, in the order in which they are shown. */
export type FunctionName =
  | "connect"
  | "time"
  | "name"
  | "list"
  | "send"
  /** The same, seen by who receives. */
  | "receive"
  /** A send to a number that nobody has. */
  | "refused"
  | "disconnect"
  | "quit"
  /** The server's own quit. */
  | "shutdown";

/** Who takes part: client A, whose menu is used, the server, and client B. */
export type Party = "a" | "server" | "b";

/** A packet, as the server's own capture has it. */
export interface ObservedPacket {
  /** Which it is in the capture, counted from 1. */
  readonly number: number;
  /** When it passed, in milliseconds from the function's first packet. */
  readonly ms: number;
  readonly from: Party;
  readonly to: Party;
  /** TCP's flags, as a sum. */
  readonly flags: number;
  /** How many bytes it carries. */
  readonly size: number;
  /** The frames that were complete with it, in hexadecimal. */
  readonly frames: readonly string[];
}

/** What was seen of a function. */
export interface ObservedFunction {
  readonly name: FunctionName;
  /** What came on each screen meanwhile, with what was typed. */
  readonly screens: Readonly<Record<Party, string>>;
  readonly packets: readonly ObservedPacket[];
}

/** What was seen of all functions. */
export interface FunctionsObservation {
  /** The name that the server was given. */
  readonly serverName: string;
  /** Each connection's port at the client's end, in the order of their numbers. */
  readonly clients: readonly {
    readonly party: Exclude<Party, "server">;
    readonly port: number;
  }[];
  readonly functions: readonly ObservedFunction[];
  readonly exitCodes: Readonly<Record<Party, number>>;
  /** The file names of the programs' own captures. */
  readonly captures: Readonly<Record<Party, string>>;
  /** What Wireshark shows of the server's, where it is installed. */
  readonly shark?: SharkOutput;
}

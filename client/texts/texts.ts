/** What can be chosen from the menu, by the name that the code has for it. */
export type ChoiceName =
  | "connect"
  | "disconnect"
  | "time"
  | "name"
  | "list"
  | "send"
  | "quit"
  | "measure"
  | "reconnect";

/**
 * Every text that the client shows to a person, in one language: a translation
 * that lacks one does not compile. Errors and help are for programs and their
 * authors, too, and stay English.
 */
export interface Texts {
  /** What each choice of the menu does. */
  readonly choices: Readonly<Record<ChoiceName, string>>;
  /** The menu's title while there is no connection. */
  readonly notConnected: string;
  /** The menu's title while there is one. */
  readonly connectedTo: (
    server: string,
    where: string,
    id: number,
    since: string,
  ) => string;
  /** Why a choice is unavailable: there is no connection. */
  readonly connectFirst: string;
  /** Why a choice is unavailable: there is a connection. */
  readonly alreadyConnected: string;
  /** An unavailable choice was chosen. */
  readonly notPossibleNow: (choice: string, why: string) => string;
  /** Something that is no choice was typed. */
  readonly expectedChoice: (last: number, got: string) => string;
  /** Asks for a server's address. */
  readonly serverAddress: string;
  /** Asks for a server's port. */
  readonly serverPort: string;
  /** Asks for a receiver's number. */
  readonly toNumber: string;
  /** Asks for a message's text. */
  readonly text: string;
  /** Asks for a number of requests. */
  readonly howMany: string;
  /** The last suggestion: to type another answer. */
  readonly otherAnswer: string;
  /** An answer that is no address. */
  readonly expectedHost: (got: string) => string;
  /** An answer that is no port. */
  readonly expectedPort: (got: string) => string;
  /** An answer that is no client's number. */
  readonly expectedId: (got: string) => string;
  /** An answer that is no number of requests. */
  readonly expectedCount: (max: number, got: string) => string;
  /** Connecting went well. */
  readonly connected: string;
  /** The connection is closed; `why` is empty if this side closed it. */
  readonly disconnected: (why: string) => string;
  /** What is waited for, until there is a connection again. */
  readonly waitingFor: (where: string) => string;
  /** The choice while that is waited for. */
  readonly stopWaiting: string;
  /** There was no connection; the next attempt will be in so many seconds. */
  readonly tryingAgain: (seconds: string) => string;
  /** There is a connection again. */
  readonly connectedAs: (id: number) => string;
  /** The answer to *time*. */
  readonly serverTime: (time: string) => string;
  /** The answer to *name*. */
  readonly serverName: (name: string) => string;
  /** A message was delivered. */
  readonly delivered: (to: number, ms: string) => string;
  /** A message was not delivered. */
  readonly notDelivered: (to: number, why: string) => string;
  /** A text was being typed when its prompt was broken off. */
  readonly notSent: (text: string) => string;
  /** A key that may belong to such a text still. */
  readonly enterFirst: string;
  /** A message has come. */
  readonly message: (from: string, where: string, text: string) => string;
  /** `listen` has begun. */
  readonly listening: (id: number) => string;
  /** What *measure* and `burst` have found. */
  readonly measured: (
    received: number,
    sent: number,
    reads: number,
    ms: string,
    perSecond: string,
  ) => string;
  /** The label of the bar while requests are under way. */
  readonly measuring: string;
  /** Marks oneself in the list. */
  readonly you: string;
  /** The titles of the list's columns: number, address, connected since. */
  readonly columns: readonly [string, string, string];
  /** The title of the list's column for the nodes, where there are several. */
  readonly node: string;
  /**
   * The titles of the columns of the nodes: name, address, clients, messages in
   * a second, running for, how it answers, numbers.
   */
  readonly nodeColumns: readonly [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  /** In place of a node's round trip: it does not answer. */
  readonly missing: string;
  /** In place of a node's round trip: it is the one that is asked. */
  readonly thisNode: string;
  /** A number of milliseconds. */
  readonly milliseconds: (ms: string) => string;
  /** How long something has lasted. */
  readonly duration: (seconds: number) => string;
  /** Which keys do what in a menu that is drawn. */
  readonly menuHint: string;
  /** Which keys do what where one can search. */
  readonly searchHint: string;
}

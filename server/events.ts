/** A client as events tell of it. */
export interface ClientOfEvent {
  /** Its number. */
  readonly id: number;
  /** Its IP address. */
  readonly address: string;
  /** Its TCP port. */
  readonly port: number;
}

/** The server listens. */
export interface ListeningEvent {
  /** What happened. */
  readonly event: "listening";
  /** The server's name, as clients are told it. */
  readonly name: string;
  /** The IP address. */
  readonly address: string;
  /** The TCP port. */
  readonly port: number;
  /** Whether connections are encrypted. */
  readonly tls: boolean;
  /** Whether only those with a token are let in. */
  readonly tokenWanted: boolean;
}

/**
 * How a connection ended: the client said goodbye; it closed without; it broke;
 * it sent bytes that are not the protocol; the server shut down; nothing was
 * heard of it; it did not read; it did not finish a frame; it gave no token in
 * time, or something else first; too many wrong ones came from its address; the
 * server, or its share for the address, was full; there was no TLS handshake.
 */
export type Departure =
  | "goodbye"
  | "closed"
  | "lost"
  | "fault"
  | "shutdown"
  | "silent"
  | "not-reading"
  | "unfinished-frame"
  | "no-token"
  | "locked-out"
  | "server-full"
  | "address-full"
  | "no-tls";

/** Somebody connected and was not let in. */
export interface NotLetInEvent {
  /** What happened. */
  readonly event: "not-let-in";
  /** Its IP address. */
  readonly address: string;
  /** Its TCP port. */
  readonly port: number;
  /** How that ended. */
  readonly how: Departure;
  /** The same for people. Parts of it may come from the client. */
  readonly why: string;
}

/** A client came. */
export interface ConnectedEvent extends ClientOfEvent {
  /** What happened. */
  readonly event: "connected";
  /** How many are connected now. */
  readonly clients: number;
}

/** A client's request was answered. Only with `trace`. */
export interface AnsweredEvent extends ClientOfEvent {
  /** What happened. */
  readonly event: "answered";
  /** The command's name. */
  readonly command: string;
  /** What was asked for, as far as it is worth telling. */
  readonly asked: string;
  /** The status's name: `ok`, or the kind of refusal. */
  readonly status: string;
  /** What was answered: the data in short, or the sentence of the refusal. */
  readonly answer: string;
}

/** A client is gone. */
export interface LeftEvent extends ClientOfEvent {
  /** What happened. */
  readonly event: "left";
  /** How it went. */
  readonly how: Departure;
  /** The same for people. Parts of it may come from the client. */
  readonly why: string;
  /** How long it was connected, in milliseconds. */
  readonly connectedForMs: number;
  /** How many are connected now. */
  readonly clients: number;
}

/** The server failed at something, and goes on. */
export interface TroubleEvent {
  /** What happened. */
  readonly event: "trouble";
  /** What went wrong. */
  readonly what: string;
}

/** The server has begun to shut down. */
export interface ShuttingDownEvent {
  /** What happened. */
  readonly event: "shutting-down";
  /** The reason that clients are told. */
  readonly why: string;
  /** How many clients there are to tell. */
  readonly clients: number;
}

/** The server is closed: nobody is connected, nothing listens. */
export interface ClosedEvent {
  /** What happened. */
  readonly event: "closed";
}

/** Everything that a server tells of itself; a log is one way to show it. */
export type ServerEvent =
  | ListeningEvent
  | NotLetInEvent
  | ConnectedEvent
  | AnsweredEvent
  | LeftEvent
  | TroubleEvent
  | ShuttingDownEvent
  | ClosedEvent;

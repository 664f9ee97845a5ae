/**
 * A connection to a server, for programs: requests as promises, messages as an
 * async iterator or to a handler.
 *
 * @module
 */

export * from "./client.ts";
export { type Closing } from "./closing.ts";
export {
  ConnectionError,
  type ConnectionErrorOptions,
} from "./connection_error.ts";
export * from "./incomplete_list_error.ts";
export { type Message, type MessageHandler } from "./inbox.ts";
export { type TlsOptions } from "./open_connection.ts";
export * from "./refused_error.ts";

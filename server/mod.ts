/**
 * The relay: who is connected, one handler a command, and messages that count
 * as delivered only when their receiver has confirmed them.
 *
 * @module
 */

export { BindError } from "./bind_error.ts";
export { ClusterError, type JoinCluster } from "./cluster.ts";
export * from "./events.ts";
export { createLog, type LogOptions } from "./log.ts";
export { DEFAULT_LIMITS, type ServerLimits } from "./limits.ts";
export type { ServerTls } from "./encryption.ts";
export { type LogSink, LogWriter } from "./log_writer.ts";
export { serve, type ServeOptions, type Server } from "./serve.ts";

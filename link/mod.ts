/**
 * One framed connection, the same at both ends: frames in, batched writes out,
 * answers matched to questions.
 *
 * @module
 */

export * from "./close_transport.ts";
export * from "./deadline.ts";
export * from "./expiry_queue.ts";
export * from "./link.ts";
export * from "./once_a_turn.ts";
export * from "./questions.ts";
export * from "./tap.ts";
export * from "./timer_wheel.ts";
export * from "./transport.ts";
export type { WatchTimes, WatchVerdict } from "./watch.ts";

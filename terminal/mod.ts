/**
 * What both programs do with a command line and a terminal: flags, signals,
 * exit codes, and text from elsewhere made safe to print.
 *
 * @module
 */

export * from "./capture_flag.ts";
export * from "./flags.ts";
export * from "./interrupt.ts";
export * from "./json_line.ts";
export * from "./nearest.ts";
export * from "./quit_request.ts";
export * from "./run_program.ts";
export * from "./secrets.ts";
export * from "./version.ts";
export * from "./warnings.ts";
export { visibleText } from "./visible_text.ts";
export * from "./output.ts";

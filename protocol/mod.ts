/**
 * What goes over the wire, and nothing else: frames, the layout of their
 * payloads, and every way in which bytes can be wrong. No input or output
 * happens here. `SPEC.md` beside this file describes the same in words.
 *
 * @module
 */

export * from "./address.ts";
export * from "./authenticate.ts";
export * from "./codec.ts";
export * from "./command.ts";
export * from "./decode_payload.ts";
export * from "./empty.ts";
export * from "./encode_frame.ts";
export * from "./encode_payload.ts";
export * from "./fault.ts";
export * from "./frame.ts";
export * from "./frame_decoder.ts";
export * from "./frames.ts";
export * from "./goodbye.ts";
export * from "./hello.ts";
export * from "./limits.ts";
export * from "./list.ts";
export * from "./message.ts";
export * from "./name.ts";
export * from "./nodes.ts";
export * from "./payload_layout.ts";
export * from "./payload_reader.ts";
export * from "./protocol_error.ts";
export * from "./refusal.ts";
export * from "./send.ts";
export * from "./status.ts";
export * from "./text.ts";
export * from "./time.ts";

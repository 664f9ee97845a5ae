/** The longest text that a server may allow, in bytes of UTF-8. */
export const MAX_TEXT: number = 16 * 1024 * 1024;

/**
 * By how much the largest payload exceeds the longest text, in bytes, at least:
 * there is room for what stands before a text, and for every hello and refusal.
 *
 * @see SPEC.md, "Limits"
 */
export const PAYLOAD_MARGIN = 2048;

/** The longest token, in bytes. */
export const MAX_TOKEN_SIZE = 1024;

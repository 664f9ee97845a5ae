import fc from "../fast_check.ts";

/** What a terminal could obey instead of show. */
export const TERMINAL_CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

const code = (min: number, max: number) =>
  fc.integer({ min, max }).map((code) => String.fromCodePoint(code));

/** Text with much in it that a terminal could obey. */
export const hostileText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    code(0, 0xa0),
    code(0x2000, 0x2070),
    code(0, 0xffff),
    code(0x10000, 0x10ffff),
    fc.constantFrom("\u001b[2J", "\u009b1m", "\u061c", "\ufeff", "你", "👋🏽"),
  ),
});

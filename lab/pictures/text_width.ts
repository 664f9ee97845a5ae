import { unicodeWidth } from "@std/cli/unicode-width";

const NARROW = /[ !'(),./:;I[\]`fijlrt|]/;
const CAPITAL = /[A-Z&+<=>#~^]/;
/** The last of these are as wide as a Chinese character in Chinese fonts. */
const BROAD = /[%@MWmw·…—“”→←×␀-␡␣]/;

/**
 * How wide a line of text is at most, in pixels: in hardly any font without
 * serifs is it wider, so that what fits by this fits everywhere.
 *
 * @param size The size of the font, in pixels.
 *
 * @example Usage
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 *
 * assertEquals(textWidth("标识", 12), 24);
 * assert(textWidth("version", 11) > textWidth("v1", 11));
 * ```
 */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) {
    const columns = character <= "~" ? 1 : unicodeWidth(character);
    if (columns === 0) continue;
    if (columns === 2 || BROAD.test(character)) ems += 1;
    else if (NARROW.test(character)) ems += 0.42;
    else ems += CAPITAL.test(character) ? 0.84 : 0.64;
  }
  return ems * size;
}

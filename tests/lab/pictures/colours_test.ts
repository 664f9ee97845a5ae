import { assert } from "@std/assert";
import { DARK, LIGHT } from "../../../lab/pictures/colours.ts";

/** How much light a colour gives: WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [red, green, blue] = [...Uint8Array.fromHex(hex.slice(1))]
    .map((part) => part / 255)
    .map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)]
    .toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

for (const [name, ground] of Object.entries({ LIGHT, DARK })) {
  Deno.test(`colours ${name}: text stands out from what it is on`, () => {
    const pairs = [
      [ground.text, ground.card],
      [ground.faint, ground.card],
      [ground.text, ground.head],
      [ground.text, ground.note],
      ...Object.values(ground.packets).map((text) => [text, ground.card]),
      ...Object.values(ground.fields).map((field) => [ground.text, field]),
    ] as [string, string][];
    for (const [text, behind] of pairs) {
      assert(contrast(text, behind) >= 4.5, `${text} on ${behind}`);
    }
  });

  Deno.test(`colours ${name}: a field's frame stands out from both its sides`, () => {
    for (const [key, field] of Object.entries(ground.fields)) {
      assert(contrast(ground.frame, field) >= 3, key);
    }
    assert(contrast(ground.frame, ground.card) >= 3);
  });
}

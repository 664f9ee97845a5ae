import { assertGreaterOrEqual } from "@std/assert";
import { PALETTES } from "../../../lab/document/palette.ts";
import { contrast } from "./contrast.ts";

Deno.test("every text can be read on every ground: 4.5 to 1 at least", () => {
  for (const [name, palette] of Object.entries(PALETTES)) {
    const { ground, tint, line: _line, ...texts } = palette;
    for (const [kind, colour] of Object.entries(texts)) {
      for (const behind of [ground, tint]) {
        const ratio = contrast(colour, behind);
        assertGreaterOrEqual(ratio, 4.5, `${name}: ${kind} on ${behind}`);
      }
    }
  }
});

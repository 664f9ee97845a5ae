import { assertEquals, assertFalse } from "@std/assert";
import fc from "../fast_check.ts";
import { jsonLine } from "../../terminal/mod.ts";
import { hostileText, TERMINAL_CONTROL } from "./hostile_text.ts";

Deno.test("a JSON line is the value to programs and harmless to terminals", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const line = jsonLine({ text });
      assertFalse(TERMINAL_CONTROL.test(line));
      assertEquals(JSON.parse(line), { text });
    }),
    { numRuns: 300 },
  );
});

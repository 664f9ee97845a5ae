import { assert, assertFalse } from "@std/assert";
import fc from "../fast_check.ts";
import { tokenCheck } from "../../server/token_check.ts";

const token = fc.uint8Array({ minLength: 1, maxLength: 1024 });

Deno.test("the token is right, whatever its bytes", () => {
  fc.assert(
    fc.property(token, (right) => {
      assert(tokenCheck(right)(right.slice()));
    }),
    { numRuns: 100 },
  );
});

Deno.test("a token that differs in one bit, lacks its end or its beginning, or has more, is wrong", () => {
  fc.assert(
    fc.property(token, fc.nat(), fc.nat(7), (right, at, bit) => {
      const check = tokenCheck(right);
      const changed = right.slice();
      changed[at % right.length]! ^= 1 << bit;
      assertFalse(check(changed));
      assertFalse(check(right.subarray(1)));
      assertFalse(check(right.subarray(0, -1)));
      assertFalse(check(right.subarray(0, at % right.length)));
      assertFalse(check(Uint8Array.of(...right, 0)));
      assertFalse(check(Uint8Array.of(0, ...right)));
      assertFalse(check(new Uint8Array(0)));
      assertFalse(check(new Uint8Array(2048)));
    }),
    { numRuns: 100 },
  );
});

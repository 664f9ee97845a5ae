import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { nearest } from "../../terminal/mod.ts";

const words = ["port", "host", "name", "timeout", "delivery-timeout"];

Deno.test("a word with one or two wrong, missing or extra letters is found", () => {
  for (const typed of ["prot", "por", "ports", "pert", "Port", "port"]) {
    assertEquals(nearest(typed, words), "port");
  }
  assertEquals(nearest("timout", words), "timeout");
});

Deno.test("a long word may have more wrong letters", () => {
  assertEquals(nearest("delivry-tmieout", words), "delivery-timeout");
  assertEquals(nearest("delivery-time-out", words), "delivery-timeout");
});

Deno.test("of several near ones it is the nearest, of equally near ones the first", () => {
  assertEquals(nearest("hose", ["port", "host", "hosts"]), "host");
  assertEquals(nearest("xost", ["post", "host"]), "post");
});

Deno.test("what is near to nothing has no nearest", () => {
  assertEquals(nearest("frobnicate", words), undefined);
  assertEquals(nearest("xyzzy", words), undefined);
  assertEquals(nearest("port", []), undefined);
});

Deno.test("a word is nearest to itself", () => {
  const word = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.array(word), (typed, others) => {
      assertEquals(nearest(typed, [...others, typed]), typed);
    }),
  );
});

Deno.test("one letter changed anywhere in a word does not hide it", () => {
  const word = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(word, fc.nat(), fc.string({ maxLength: 1 }), (word, at, by) => {
      const place = at % word.length;
      const typed = word.slice(0, place) + by + word.slice(place + 1);
      assertEquals(nearest(typed, [word]), word);
    }),
  );
});

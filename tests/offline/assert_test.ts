import {
  assert,
  assertEquals,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

/** Gives the message of the AssertionError that `fn` throws, or undefined. */
function failure(fn: () => void): string | undefined {
  try {
    fn();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
}

/** As {@linkcode failure}, of the promise that `fn` gives. */
async function rejection(
  fn: () => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await fn();
  } catch (error) {
    if (error instanceof AssertionError) return error.message;
    throw error;
  }
}

/** Fails unless `message` is one that contains all `parts`. */
function contains(message: string | undefined, ...parts: string[]) {
  for (const part of parts) {
    if (!message?.includes(part)) {
      throw new Error(`"${message}" does not contain "${part}"`);
    }
  }
}

function raise(error: unknown): never {
  throw error;
}

Deno.test("AssertionError is an Error with its own name", () => {
  const error = new AssertionError("why", { cause: 1 });
  contains(`${error}`, "AssertionError: why");
  assert(error instanceof Error && error.cause === 1);
});

Deno.test("assert and assertFalse judge by truth", () => {
  assert("0");
  assertFalse("");
  assertEquals(failure(() => assert(0, "zero")), "zero");
  assertEquals(failure(() => assertFalse(1, "one")), "one");
});

Deno.test("fail fails", () => {
  contains(failure(() => fail("here")), "Failed assertion", "here");
});

Deno.test("assertEquals compares deeply", () => {
  const pairs: [unknown, unknown, equal: boolean][] = [
    [1, 1, true],
    [1, "1", false],
    [NaN, NaN, true],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, false],
    [[1, 2], [2, 1], false],
    [new Map([["a", [1]]]), new Map([["a", [1]]]), true],
    [new Set([1, 2]), new Set([2, 1]), true],
    [new Set([1]), new Set([2]), false],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2), true],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3), false],
    [new Date(5), new Date(5), true],
    [/a/g, /a/i, false],
    [5n, 5n, true],
    [null, undefined, false],
  ];
  for (const [actual, expected, equal] of pairs) {
    const pair = Deno.inspect([actual, expected]);
    const equals = failure(() => assertEquals(actual, expected, pair));
    const differs = failure(() => assertNotEquals(actual, expected, pair));
    if (equal) {
      assertStrictEquals(equals, undefined);
      contains(differs, "not to be", pair);
    } else {
      contains(equals, "Values are not equal", pair);
      assertStrictEquals(differs, undefined);
    }
  }
});

Deno.test("assertStrictEquals compares identities", () => {
  const object = {};
  assertStrictEquals(object, object);
  assertStrictEquals(NaN, NaN);
  contains(
    failure(() => assertStrictEquals<unknown>({}, object, "why")),
    "why",
  );
  contains(failure(() => assertStrictEquals<number>(0, -0)), "equal");
});

Deno.test("assertInstanceOf knows classes", () => {
  assertInstanceOf(new TypeError(), Error);
  contains(failure(() => assertInstanceOf({}, Date, "why")), "Date", "why");
});

Deno.test("assertMatch and assertStringIncludes look into text", () => {
  assertMatch("abc", /b/);
  assertStringIncludes("abc", "bc");
  contains(failure(() => assertMatch("abc", /^b/, "why")), "abc", "why");
  contains(failure(() => assertStringIncludes("abc", "x")), "abc", "x");
});

Deno.test("the comparisons compare", () => {
  assertGreater(2, 1);
  assertGreaterOrEqual(2, 2);
  assertLess(1, 2);
  assertLessOrEqual(2n, 2n);
  contains(failure(() => assertGreater(1, 1)), "1 > 1");
  contains(failure(() => assertGreaterOrEqual(0, 1)), "0 >= 1");
  contains(failure(() => assertLess(1, 1)), "1 < 1");
  contains(failure(() => assertLessOrEqual(2, 1)), "2 <= 1");
});

Deno.test("assertThrows gives the error that it expects", () => {
  const error = new RangeError("too far");
  assertStrictEquals(assertThrows(() => raise(error)), error);
  assertStrictEquals(assertThrows(() => raise("text")), "text");
  const same: RangeError = assertThrows(() => raise(error), RangeError, "far");
  assertStrictEquals(same, error);
  assertStrictEquals(assertThrows(() => raise(error), Error), error);

  contains(
    failure(() => assertThrows(() => {}, "why")),
    "Expected function to throw",
    "why",
  );
  contains(
    failure(() => assertThrows(() => raise(error), TypeError, "", "why")),
    "TypeError",
    "RangeError",
    "why",
  );
  contains(
    failure(() => assertThrows(() => raise(error), RangeError, "near")),
    "near",
    "too far",
  );
  assert(failure(() => assertThrows(() => raise("text"), Error)) !== undefined);
});

Deno.test("assertRejects gives the error that it expects", async () => {
  const error = new RangeError("too far");
  const reject = () => Promise.reject(error);
  assertStrictEquals(await assertRejects(reject), error);
  const same: RangeError = await assertRejects(reject, RangeError, "far");
  assertStrictEquals(same, error);

  contains(
    await rejection(() => assertRejects(() => Promise.resolve(), "why")),
    "Expected function to reject",
    "why",
  );
  contains(
    await rejection(() => assertRejects(() => raise(error), RangeError)),
    "Function throws when expected to reject",
  );
  contains(
    await rejection(() => assertRejects(reject, TypeError)),
    "TypeError",
    "RangeError",
  );
  contains(
    await rejection(() => assertRejects(reject, RangeError, "near")),
    "near",
    "too far",
  );
});

Deno.test("assertions narrow types", () => {
  const value = Date.now() > 0 ? "text" : null;
  assert(value !== null);
  const text: string = value;
  const thing: unknown = new RangeError(text);
  assertInstanceOf(thing, RangeError);
  assertEquals(thing.message, "text");
});

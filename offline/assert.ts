/**
 * Stands in for `@std/assert` where JSR cannot be reached: the assertions that
 * Parley's tests use, with the same signatures and the same verdicts. Values are
 * compared and differences shown by `node:assert`.
 *
 * @module
 */

import { deepStrictEqual, strictEqual } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

// deno-lint-ignore no-explicit-any
type Class<T> = abstract new (...args: any[]) => T;

/** What {@linkcode assertFalse} lets pass. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/** Thrown by every assertion that does not hold. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Fails unless `expr` is falsy. */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}

/** Fails always. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${ending(msg)}`);
}

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string) {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new AssertionError(
      `Values are not equal${ending(msg)}\n${(error as Error).message}`,
    );
  }
}

/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string) {
  if (!isDeepStrictEqual(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}${
      ending(msg)
    }`,
  );
}

/** Fails unless both are the same value or object. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  try {
    strictEqual(actual, expected);
  } catch (error) {
    throw new AssertionError(
      `Values are not strictly equal${ending(msg)}\n${
        (error as Error).message
      }`,
    );
  }
}

/** Fails unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name}" but was ${
      inspect(actual)
    }${ending(msg)}`,
  );
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
) {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${ending(msg)}`,
  );
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string) {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${ending(msg)}`,
  );
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string) {
  if (actual > expected) return;
  throw new AssertionError(
    msg ?? `Expect ${inspect(actual)} > ${inspect(expected)}`,
  );
}

/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string) {
  if (actual >= expected) return;
  throw new AssertionError(
    msg ?? `Expect ${inspect(actual)} >= ${inspect(expected)}`,
  );
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string) {
  if (actual < expected) return;
  throw new AssertionError(
    msg ?? `Expect ${inspect(actual)} < ${inspect(expected)}`,
  );
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string) {
  if (actual <= expected) return;
  throw new AssertionError(
    msg ?? `Expect ${inspect(actual)} <= ${inspect(expected)}`,
  );
}

/** Fails unless `fn` throws. Gives what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Fails unless `fn` throws an `ErrorClass` whose message contains `msgIncludes`.
 * Gives the error.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  first?: Class<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectedError(first, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return matched(error, expected);
  }
  throw new AssertionError(
    `Expected function to throw${ending(expected.msg)}`,
  );
}

/** Fails unless the promise that `fn` gives is rejected. Gives the reason. */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Fails unless the promise that `fn` gives is rejected with an `ErrorClass` whose
 * message contains `msgIncludes`. Gives the error.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  first?: Class<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectedError(first, msgIncludes, msg);
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
  } catch {
    // Thrown before there was a promise: not a rejection.
  }
  if (typeof promise?.then !== "function") {
    throw new AssertionError(
      `Function throws when expected to reject${ending(expected.msg)}`,
    );
  }
  try {
    await promise;
  } catch (error) {
    return matched(error, expected);
  }
  throw new AssertionError(
    `Expected function to reject${ending(expected.msg)}`,
  );
}

interface ExpectedError {
  ErrorClass?: Class<unknown> | undefined;
  msgIncludes?: string | undefined;
  msg?: string | undefined;
}

/** Sorts out the two ways to call {@linkcode assertThrows}. */
function expectedError(
  first?: Class<unknown> | string,
  msgIncludes?: string,
  msg?: string,
): ExpectedError {
  return typeof first === "string"
    ? { msg: first }
    : { ErrorClass: first, msgIncludes, msg };
}

/** Gives `error` back if it is the one expected. */
function matched(
  error: unknown,
  { ErrorClass, msgIncludes = "", msg }: ExpectedError,
): unknown {
  if (ErrorClass === undefined) return error;
  assertInstanceOf(error, Error, msg);
  assertInstanceOf(error, ErrorClass, msg);
  if (error.message.includes(msgIncludes)) return error;
  throw new AssertionError(
    `Expected error message to include ${
      JSON.stringify(msgIncludes)
    }, but got ${JSON.stringify(error.message)}${ending(msg)}`,
  );
}

/** How an assertion's own message ends: with the caller's, if there is one. */
function ending(msg?: string): string {
  return msg ? `: ${msg}` : ".";
}

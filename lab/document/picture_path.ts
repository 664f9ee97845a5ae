/**
 * Where a drawing lies, from the Markdown that shows it.
 *
 * @throws {RangeError} If its name holds more than letters, digits, `-` and `_`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(picturePath("tcp-states"), "pictures/tcp-states.svg");
 * ```
 */
export function picturePath(name: string): string {
  if (!/^[\w-]+$/.test(name)) {
    throw new RangeError(
      `Expected a drawing's name of letters, digits, - and _, got "${name}"`,
    );
  }
  return `pictures/${name}.svg`;
}

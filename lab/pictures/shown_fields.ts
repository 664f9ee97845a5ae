import type { Field } from "./field.ts";
import type { Row } from "./frame_rows.ts";

/** A field that has a place in a frame's picture. */
export interface ShownField {
  readonly field: Field;
  /**
   * Its number in the picture, counted from 1. What is the same in each entry
   * of a list has the same number.
   */
  readonly number: number;
  /** How many fields between the one before and this are left out. */
  readonly skipped: number;
}

/**
 * The fields of a frame of which any byte is drawn, all fields of such entries
 * of a list, and those that have no bytes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fieldsOf } from "./fields.ts";
 * import { frameRows } from "./frame_rows.ts";
 *
 * const fields = fieldsOf(
 *   Uint8Array.fromHex("50590101000500000000000400000006000000026869"),
 * );
 * const shown = shownFields(fields, frameRows(fields, 10));
 * assertEquals(shown.map(({ number }) => number), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
 * ```
 */
export function shownFields(
  fields: readonly Field[],
  rows: readonly Row[],
): ShownField[] {
  const pieces = rows.flatMap(({ pieces }) => pieces);
  const drawn = new Set(pieces.map(({ field }) => field));
  const entries = new Set(pieces.map(({ field }) => field.entry));
  entries.delete(undefined);

  const numbers = new Map<unknown, number>();
  const shown: ShownField[] = [];
  let skipped = 0;
  for (const field of fields) {
    if (
      !drawn.has(field) && !entries.has(field.entry) && field.bytes.length > 0
    ) {
      skipped++;
      continue;
    }
    const thing = field.entry === undefined ? field : field.key;
    const number = numbers.get(thing) ?? numbers.size + 1;
    numbers.set(thing, number);
    shown.push({ field, number, skipped });
    skipped = 0;
  }
  return shown;
}

import type { Field } from "./field.ts";

/** How many bytes a row has: the header is exactly one. */
export const ROW_BYTES = 16;

/** The bytes of one field in one row. */
export interface Piece {
  /** The field's place among the frame's, counted from 0. */
  readonly index: number;
  readonly field: Field;
  /** Where it begins, in bytes from the frame's first. */
  readonly start: number;
  /** Where it ends: the byte behind its last. */
  readonly end: number;
}

/** A row of bytes that is drawn. */
export interface Row {
  /** Its first byte, counted from the frame's first. */
  readonly start: number;
  /** What it shows, from left to right. */
  readonly pieces: readonly Piece[];
  /** How many bytes between the row before and this are left out. */
  readonly skipped: number;
}

/**
 * Arranges the fields of a frame in rows of 16 bytes. When there are more rows
 * than `maxRows`, those before the last are left out.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fieldsOf } from "./fields.ts";
 *
 * const frame = new Uint8Array(100);
 * const rows = frameRows(fieldsOf(frame), 4);
 * assertEquals(rows.map(({ start }) => start), [0, 16, 32, 96]);
 * assertEquals(rows.map(({ skipped }) => skipped), [0, 0, 0, 48]);
 * ```
 */
export function frameRows(fields: readonly Field[], maxRows: number): Row[] {
  const last = fields.at(-1);
  const end = last === undefined ? 0 : last.offset + last.bytes.length;
  const count = Math.ceil(end / ROW_BYTES);
  const rows: Row[] = [];
  for (let row = 0; row < count; row++) {
    let skipped = 0;
    if (count > maxRows && row === maxRows - 1) {
      skipped = (count - 1 - row) * ROW_BYTES;
      row = count - 1;
    }
    const start = row * ROW_BYTES;
    rows.push({ start, pieces: piecesOf(fields, start), skipped });
  }
  return rows;
}

function piecesOf(fields: readonly Field[], rowStart: number): Piece[] {
  return fields.flatMap((field, index) => {
    const start = Math.max(field.offset, rowStart);
    const end = Math.min(
      field.offset + field.bytes.length,
      rowStart + ROW_BYTES,
    );
    return start < end ? [{ index, field, start, end }] : [];
  });
}

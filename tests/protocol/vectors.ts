/**
 * The cases of `protocol/vectors.json`, with types.
 *
 * @module
 */

import vectorsJson from "../../protocol/vectors.json" with { type: "json" };
import type { FrameType } from "../../protocol/mod.ts";

/** A frame that is right. */
export interface Vector {
  readonly name: string;
  readonly from: "client" | "server" | "either";
  readonly only?: "read" | "write";
  readonly type: FrameType;
  readonly command: number;
  readonly status: number;
  readonly id: number;
  readonly value: unknown;
  readonly hex: string;
}

/** A stream that is wrong. */
export interface MalformedVector {
  readonly name: string;
  readonly error: { readonly code: string; readonly number: number };
  readonly offset: number;
  readonly goodFrames: number;
  readonly maxPayload: number;
  readonly needs: string;
  readonly hex: string;
}

/** Every frame that is right. */
export const vectors = vectorsJson.vectors as unknown as readonly Vector[];

/** Every stream that is wrong. */
export const malformed = vectorsJson
  .malformed as unknown as readonly MalformedVector[];

/** Greater than the payload of any vector that is right. */
export const limits = { maxPayload: 65_536 };

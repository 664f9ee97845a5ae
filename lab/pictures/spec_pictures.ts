import vectorsJson from "../../protocol/vectors.json" with { type: "json" };
import { exchangePicture } from "./exchange_picture.ts";
import { framePicture } from "./frame_picture.ts";
import { specVisit } from "./spec_visit.ts";

/**
 * Draws what SPEC.md shows: frames of `vectors.json`, and the visit of its
 * section 8.
 *
 * @returns SVG images by the names of the files that they belong in.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(specPictures().get("request.svg")?.startsWith("<svg "));
 * ```
 */
export function specPictures(): Map<string, string> {
  const pictures = new Map<string, string>();
  for (const [file, vector, from, to] of FRAMES) {
    const frame = frameOf(vector);
    pictures.set(
      file,
      framePicture({ frame, from, to, language: "en", theme: "auto" }),
    );
  }
  pictures.set(
    "visit.svg",
    exchangePicture({
      title: "A visit: client 5, the server, and client 2",
      parties: ["client 5", "server", "client 2"],
      steps: specVisit(),
      language: "en",
      theme: "auto",
    }),
  );
  return pictures;
}

/** The files, the vectors that they show, and who sends such a frame to whom. */
const FRAMES = [
  ["header.svg", "time request with id 0x01020304", "client", "server"],
  ["request.svg", "send request", "client", "server"],
  ["response.svg", "time response", "server", "client"],
  ["indication.svg", "message from an IPv6 address", "server", "client"],
  ["list.svg", "list response with more to come", "server", "client"],
  ["refusal.svg", "refusal: unknown number", "server", "client"],
] as const;

function frameOf(name: string): Uint8Array {
  const vector = vectorsJson.vectors.find((vector) => vector.name === name);
  if (vector === undefined) {
    throw new Error(`vectors.json has no vector "${name}"`);
  }
  return Uint8Array.fromHex(vector.hex);
}

/**
 * Draws the pictures of SPEC.md again, into `docs/frames/`:
 *
 * ```sh
 * deno run --allow-read --allow-write lab/pictures/write_spec_pictures.ts
 * ```
 *
 * Where JSR cannot be reached, add `--import-map=offline/import_map.json`.
 *
 * @module
 */

import { specPictures } from "./spec_pictures.ts";

const folder = new URL("../../docs/frames/", import.meta.url);
await Deno.mkdir(folder, { recursive: true });
for (const [file, svg] of specPictures()) {
  await Deno.writeTextFile(new URL(file, folder), svg);
}

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { specPictures } from "../../../lab/pictures/spec_pictures.ts";
import { specVisit } from "../../../lab/pictures/spec_visit.ts";
import { assertReadable, assertSelfContained, parse } from "./drawing.ts";

const root = new URL("../../../", import.meta.url);
const spec = await Deno.readTextFile(new URL("protocol/SPEC.md", root));

const AGAIN = "Draw it again, with: deno run --allow-read --allow-write " +
  "lab/pictures/write_spec_pictures.ts";

Deno.test("docs/frames/ has the pictures as they would be drawn now", async () => {
  const pictures = specPictures();
  const folder = new URL("docs/frames/", root);
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assertEquals(files.toSorted(), [...pictures.keys()].toSorted());
  for (const [file, svg] of pictures) {
    const kept = await Deno.readTextFile(new URL(file, folder));
    assert(kept === svg, `docs/frames/${file} is not up to date. ${AGAIN}`);
  }
});

Deno.test("the pictures of SPEC.md are readable, on light pages and dark ones", () => {
  for (const [file, svg] of specPictures()) {
    assertSelfContained(svg);
    assertReadable(parse(svg), file);
    assertStringIncludes(svg, "prefers-color-scheme:dark");
  }
});

Deno.test("SPEC.md shows every picture once, with words for who cannot see it", () => {
  const shown = [...spec.matchAll(/!\[(.*)\]\(\.\.\/docs\/frames\/(.*)\)/g)];
  assertEquals(
    shown.map(([, , file]) => file).toSorted(),
    [...specPictures().keys()].toSorted(),
  );
  for (const [, alt] of shown) assert(alt!.length > 20, alt);
});

Deno.test("the visit that is drawn is the first of SPEC.md's visits in bytes", () => {
  const [, section = ""] = spec.split("\n## 8. A visit in bytes\n");
  const [, visit = ""] = section.split("```");
  const written = visit.match(/(?:^ +(?:[0-9a-f]{2} ?)+$\n?)+/gm)!
    .map((hex) => hex.replaceAll(/\s/g, ""));
  const steps = specVisit();
  const drawn = steps.flatMap(({ frames = [] }) => frames);
  assertEquals(drawn.map((frame) => frame.toHex()), written);

  // Who sends it stands before each: S, C, S2 or C2.
  const ways = { S: [1, 0], C: [0, 1], S2: [1, 2], C2: [2, 1] };
  const senders = visit.match(/^[SC]2? /gm)!
    .map((sender) => ways[sender.trim() as keyof typeof ways]);
  assertEquals(
    steps.filter(({ frames }) => frames !== undefined)
      .map(({ from, to }) => [from, to]),
    senders,
  );
});

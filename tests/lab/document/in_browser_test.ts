import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
} from "@std/assert";
import type { Document } from "../../../lab/document/document.ts";
import { renderHtml } from "../../../lab/document/html.ts";
import { Browser, type Page, whyNoBrowser } from "../browser.ts";
import { contrast } from "./contrast.ts";
import { documentOf, KINDS } from "./every_kind.ts";
import { SAMPLES } from "./sample.ts";

const why = whyNoBrowser();
if (why !== undefined) console.error(`No page can be looked at here: ${why}`);

/** What nobody should obey, in a text and in a drawing. */
const TRAP = `<script>window.caught=1</script>` +
  `<img src="http://127.0.0.1:9/text" onerror="window.caught=1">`;
const TRAPS = documentOf([
  KINDS.heading,
  { kind: "paragraph", text: TRAP },
  { kind: "paragraph", text: `\`${"long".repeat(200)}\`` },
  { kind: "screens", screens: [{ title: TRAP, text: "x".repeat(2_000) }] },
  { kind: "console", command: "x".repeat(2_000), output: "x".repeat(2_000) },
  {
    kind: "table",
    head: Array(20).fill("a column"),
    rows: [Array(20).fill("`0123456789abcdef`")],
  },
  {
    ...KINDS.picture,
    alt: TRAP,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2000 50">` +
      `<style>*{color:red}@import url(http://127.0.0.1:9/style);</style>` +
      `<script>parent.caught=1</script><image href="http://127.0.0.1:9/svg"/>` +
      `<rect id="first" width="50" height="50"/></svg>`,
  },
], { title: `${TRAP} ${"long".repeat(40)}`, subtitle: "long".repeat(100) });

/** What sticks out of the page, or of what it should be moved in. */
const STICKING_OUT = `[...document.querySelectorAll("body *")]
  .filter((element) => !element.parentElement.closest(".scroll"))
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -0.5 || right > innerWidth + 0.5;
  })
  .map(({ outerHTML }) => outerHTML.slice(0, 120))`;

/** What is wider than what it stands in, and cannot be moved there either. */
const CUT = `[...document.querySelectorAll("body *")]
  .filter((element) => getComputedStyle(element).overflowX === "hidden" ||
    element.matches("pre:not(.scroll)"))
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
  .map(({ outerHTML }) => outerHTML.slice(0, 120))`;

const IMAGES = `[...document.images].map((image) => ({
  complete: image.complete && image.naturalWidth > 0,
  width: image.getBoundingClientRect().width,
  height: image.getBoundingClientRect().height,
  room: image.parentElement.clientWidth,
}))`;

const HEADINGS = `[...document.querySelectorAll("h1,h2,h3,h4,h5,h6")]
  .map(({ tagName }) => Number(tagName[1]))`;

const DEAD_LINKS = `[...document.querySelectorAll("a")]
  .map((link) => link.getAttribute("href"))
  .filter((href) => !document.getElementById(decodeURIComponent(href.slice(1))))`;

/** The colours of all texts, each with the ground behind it. */
const COLOURS = `(() => {
  const hex = (colour) => "#" + colour.match(/\\d+/g).slice(0, 3)
    .map((value) => Number(value).toString(16).padStart(2, "0")).join("");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pairs = new Set();
  while (walker.nextNode()) {
    if (walker.currentNode.data.trim() === "") continue;
    const element = walker.currentNode.parentElement;
    let ground = element;
    const colourOf = (one) => getComputedStyle(one).backgroundColor;
    while (ground && colourOf(ground) === "rgba(0, 0, 0, 0)") {
      ground = ground.parentElement;
    }
    const behind = ground ? hex(colourOf(ground)) : "none";
    pairs.add(hex(getComputedStyle(element).color) + " " + behind);
  }
  return [...pairs];
})()`;

const SIZES = [
  { width: 1280, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];

interface Image {
  readonly complete: boolean;
  readonly width: number;
  readonly height: number;
  readonly room: number;
}

async function assertFits(page: Page): Promise<void> {
  for (const view of SIZES) {
    await page.show(view);
    const width = await page.evaluate<number>(
      "document.documentElement.scrollWidth",
    );
    assertLessOrEqual(width, view.width);
    assertEquals(await page.evaluate<string[]>(STICKING_OUT), []);
    assertEquals(await page.evaluate<string[]>(CUT), []);
    for (const image of await page.evaluate<Image[]>(IMAGES)) {
      assert(image.complete, "a drawing is not shown");
      assertGreater(image.width, 100);
      assertGreater(image.height, 10);
      if (view.width >= 768) assertLessOrEqual(image.width, image.room + 0.5);
    }
  }
}

function assertAlone(page: Page, url: string): void {
  assertEquals(page.problems, []);
  assertEquals(page.requests.filter((one) => !one.startsWith("data:")), [url]);
}

Deno.test({
  name: "a page in a browser",
  ignore: why !== undefined,
  async fn(t) {
    const directory = await Deno.makeTempDir({ prefix: "parley-page-" });
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => Deno.remove(directory, { recursive: true }));
    const write = async (name: string, document: Document) => {
      await Deno.writeTextFile(`${directory}/${name}`, renderHtml(document));
      return `file://${directory}/${name}`;
    };
    await using browser = await Browser.start();

    for (const language of ["en", "zh"] as const) {
      const url = await write(`${language}.html`, SAMPLES[language]);
      await using page = await browser.open(url, SIZES[0]!);

      await t.step(`${language}: it fits on every screen`, async () => {
        await assertFits(page);
      });

      await t.step(`${language}: headings follow each other`, async () => {
        const levels = await page.evaluate<number[]>(HEADINGS);
        assertEquals(levels.filter((level) => level === 1).length, 1);
        assertEquals(levels[0], 1);
        for (let i = 1; i < levels.length; i++) {
          assertLessOrEqual(levels[i]!, levels[i - 1]! + 1);
        }
      });

      await t.step(`${language}: every link leads somewhere`, async () => {
        assertEquals(await page.evaluate<string[]>(DEAD_LINKS), []);
        const ids = await page.evaluate<string[]>(
          `[...document.querySelectorAll("[id]")].map(({ id }) => id)`,
        );
        assertEquals(ids.length, new Set(ids).size);
      });

      await t.step(`${language}: every text can be read`, async () => {
        for (const dark of [false, true]) {
          await page.show({ ...SIZES[0]!, dark });
          const pairs = await page.evaluate<string[]>(COLOURS);
          assertGreater(pairs.length, 5);
          for (const pair of pairs) {
            const [text, ground] = pair.split(" ");
            assertGreaterOrEqual(contrast(text!, ground!), 4.5, pair);
          }
        }
      });

      await t.step(`${language}: it asked for nothing`, () => {
        assertAlone(page, url);
      });
    }

    await t.step("no text and no drawing can do anything", async () => {
      const url = await write("traps.html", TRAPS);
      await using page = await browser.open(url, SIZES[0]!);
      await assertFits(page);
      assertEquals(await page.evaluate("window.caught ?? null"), null);
      assertEquals(await page.evaluate(`document.scripts.length`), 0);
      const colour = await page.evaluate(
        `getComputedStyle(document.querySelector("h2")).color`,
      );
      assert(colour !== "rgb(255, 0, 0)");
      assertAlone(page, url);
    });

    await t.step("printed, it is text on several pages of A4", async () => {
      const url = `file://${directory}/en.html`;
      await using page = await browser.open(url, SIZES[0]!);
      const path = `${directory}/en.pdf`;
      await page.printToPdf(path);
      const pdf = new TextDecoder("latin1").decode(await Deno.readFile(path));
      assertEquals(pdf.slice(0, 5), "%PDF-");
      const pages = pdf.match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
      assertGreaterOrEqual(pages, 3);
      assertLessOrEqual(pages, 8);
      // 210 mm by 297 mm, in points.
      assert(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/.test(pdf));
      assert(pdf.includes("/ToUnicode"), "there are no letters");
      assert(!pdf.includes("/Subtype /Image"), "a drawing is made of dots");
    });
  },
});

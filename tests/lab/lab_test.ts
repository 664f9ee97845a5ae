/**
 * The lab's command, and the report that it writes, as a person has it: a page
 * in a browser. The experiments that take long are left out here.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { permissionFlags } from "../../tools/task.ts";
import { Browser, whyNoBrowser } from "./browser.ts";

const why = whyNoBrowser();
if (why !== undefined) console.error(`No page can be looked at here: ${why}`);

async function lab(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", ...PACKAGE_FLAGS, ...permissionFlags("lab")],
      ...[import.meta.resolve("../../lab/main.ts"), ...args],
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** What the lab has measured, as it writes it down. */
interface Observations {
  readonly results: readonly {
    readonly experiment: string;
    readonly kind: string;
    readonly findings: readonly { readonly holds: boolean }[];
    // deno-lint-ignore no-explicit-any
    readonly observation: any;
  }[];
}

Deno.test({
  name:
    "a report is a page without missing parts, whose figures are those measured",
  ignore: why !== undefined,
  async fn() {
    const directory = await Deno.makeTempDir();
    const only = "functions,requests";
    const { code, stdout, stderr } = await lab(
      ...["--only", only, "--lang", "en", "--output", `${directory}/report`],
    );
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /^✓ \d+ of \d+ claims hold {2}Every function {2}\(/m);
    const path = `${directory}/report/report.html`;
    assertStringIncludes(stdout, `The report is in ${path}\n`);
    const seen: Observations = JSON.parse(
      await Deno.readTextFile(`${directory}/report/observations.json`),
    );
    const [functions, requests] = seen.results;

    await using browser = await Browser.start();
    await using page = await browser.open(`file://${path}`, {
      width: 1280,
      height: 900,
    });
    const text = await page.evaluate<string>("document.body.innerText");
    const pictures = await page.evaluate<boolean[]>(
      "[...document.images].map((i) => i.complete && i.naturalWidth > 0)",
    );
    assert(pictures.length > 20 && pictures.every(Boolean), `${pictures}`);
    assertEquals(page.problems, []);
    assertEquals(
      await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
      true,
    );

    // All that the screens showed, and all that was measured, is on the page.
    const squeezed = text.replace(/\s+/g, "");
    for (const { screens } of functions!.observation.functions) {
      for (const screen of Object.values<string>(screens)) {
        assertStringIncludes(squeezed, screen.replace(/\s+/g, ""));
      }
    }
    const rounds = await page.evaluate<string[][]>(
      `[...document.querySelector("#requests ~ * table, #requests table")
        ?.rows ?? []].map((row) => [...row.cells].map((c) => c.innerText))`,
    );
    const { observation } = requests!;
    assertEquals(
      rounds.slice(1).map((cells) => [Number(cells[1]), Number(cells[6])]),
      observation.rounds.map((
        { measured }: { measured: { received: number; reads: number } },
      ) => [measured.received, measured.reads]),
    );
    const held = seen.results.flatMap(({ findings }) => findings)
      .filter(({ holds }) => holds).length;
    assertStringIncludes(text, `${held} of ${held} findings held`);

    await page.show({ width: 390, height: 800 });
    assertEquals(
      await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
      true,
    );
    const markdown = await Deno.readTextFile(`${directory}/report/report.md`);
    for (const [, file] of markdown.matchAll(/\]\((pictures\/.*?\.svg)\)/g)) {
      assert((await Deno.stat(`${directory}/report/${file}`)).size > 100);
    }
    await Deno.remove(directory, { recursive: true });
  },
});

const USAGE: readonly [string[], RegExp][] = [
  [["--only", "cables"], /Expected names of functions, .*, got "cables"/],
  [["now"], /Expected flags only, got "now"/],
  [["--lang", "fr"], /--lang/],
  [["--output", "/dev/null/report"], /Cannot write to \/dev\/null\/report/],
  [["--ful"], /--full/],
];

for (const [args, message] of USAGE) {
  Deno.test(`deno task lab ${args.join(" ")} is wrong usage`, async () => {
    const { code, stdout, stderr } = await lab(...args);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertMatch(stderr, message);
    assertMatch(stderr, /^lab: .*\n$/);
  });
}

Deno.test("deno task lab --help tells every flag and every experiment", async () => {
  const { code, stdout } = await lab("--help");
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /--full .*\n.*--only .*functions, cable, requests, crowd, /s,
  );
});

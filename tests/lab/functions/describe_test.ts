import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Block } from "../../../lab/document/document.ts";
import { describeFunctions } from "../../../lab/functions/describe.ts";
import { madeUp } from "./made_up.ts";

function ofKind<Kind extends Block["kind"]>(
  blocks: readonly Block[],
  kind: Kind,
): Extract<Block, { kind: Kind }>[] {
  return blocks.filter((block) => block.kind === kind) as never;
}

for (const language of ["en", "zh"] as const) {
  Deno.test(`each function has its screens, and its packets drawn (${language})`, () => {
    const seen = madeUp();
    const blocks = describeFunctions(seen, language);
    assertEquals(ofKind(blocks, "heading").length, seen.functions.length);
    const screens = ofKind(blocks, "screens");
    assertEquals(screens.length, seen.functions.length);
    for (const [i, { screens: shown }] of seen.functions.entries()) {
      for (const text of Object.values(shown).filter((text) => text !== "")) {
        assert(
          screens[i]!.screens.some((screen) =>
            screen.text === text.trim() ||
            screen.text === text.replace(/\n$/, "")
          ),
          text,
        );
      }
    }
    const pictures = ofKind(blocks, "picture");
    const names = pictures.map(({ name }) => name);
    assertEquals(new Set(names).size, names.length);
    for (const { name } of seen.functions) {
      assert(names.includes(`${name}-exchange`), name);
    }
    // The send, the message, its confirmation, and the answer; not the list.
    assertEquals(
      names.filter((name) => /^send-\d/.test(name)).length,
      4,
    );
    const [findings] = ofKind(blocks, "findings");
    assertEquals(findings!.findings.length, 10);
  });
}

Deno.test("where Wireshark has looked its lines are shown, packet by packet", () => {
  const seen = madeUp();
  const output = seen.functions.flatMap(({ packets }) => packets)
    .map(({ number }) => `${`${number}`.padStart(5)}   0.000 line ${number}.`)
    .join("\n");
  const shark = { command: "tshark -r server.pcapng", output };
  const consoles = ofKind(
    describeFunctions({ ...seen, shark }, "en"),
    "console",
  );
  assertEquals(
    consoles.map(({ output }) => output).join("\n"),
    output,
  );
  assertStringIncludes(consoles[1]!.command, "frame.number in {5..");
});

Deno.test("where it has not, that is said", () => {
  const [missing, ...others] = ofKind(
    describeFunctions(madeUp(), "en"),
    "not-run",
  );
  assertStringIncludes(missing!.how, "apt install tshark");
  assertEquals(others, []);
});

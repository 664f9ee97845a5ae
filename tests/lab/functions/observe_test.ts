import { assert, assertEquals, assertMatch } from "@std/assert";
import { readCapture } from "../../../capture/read_capture.ts";
import { functions } from "../../../lab/functions/functions.ts";
import { Programs } from "../../../tools/programs.ts";

for (const language of ["en", "zh"] as const) {
  Deno.test(`every function is gone through with the real programs (${language})`, async () => {
    const captures = await Deno.makeTempDir();
    const programs = Programs.fromSources();
    const full = false;
    const seen = await functions.observe({
      programs,
      language,
      captures,
      full,
    });
    assertEquals(
      functions.judge(seen).filter(({ holds }) => !holds),
      [],
    );

    const path = `${captures}/${seen.captures.server}`;
    const captured = readCapture(Deno.readFileSync(path));
    const numbers = seen.functions.flatMap(({ packets }) =>
      packets.map(({ number }) => number)
    );
    // All but the packets between the functions: two connections are made there.
    assertEquals(captured.length - numbers.length, 8);
    assertEquals(numbers, numbers.toSorted((a, b) => a - b));
    for (const { screens, packets } of seen.functions) {
      assert(packets.length >= 2 && packets[0]!.ms === 0);
      assert(screens.server !== "");
    }
    const [connect] = seen.functions;
    assertMatch(
      connect!.screens.a,
      language === "en" ? /Connected/ : /连接成功/,
    );
    await Deno.remove(captures, { recursive: true });
  });
}

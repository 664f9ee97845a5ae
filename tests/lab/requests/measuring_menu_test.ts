import { assertEquals, assertMatch } from "@std/assert";
import type { Language } from "../../../lab/language.ts";
import { MeasuringMenu } from "../../../lab/requests/measuring_menu.ts";
import { Programs } from "../../../tools/programs.ts";

Deno.test("the menu's choice 8 in each language, and twice in a row", async () => {
  const programs = Programs.fromSources();
  await using server = await programs.startServer();
  const { port } = server;
  for (const [i, language] of (["en", "zh"] satisfies Language[]).entries()) {
    const options = { programs, port, language };
    await using menu = await MeasuringMenu.connect(options);
    assertEquals(menu.id, i + 1);
    await menu.choose();
    await menu.begin(10, 2);
    for (let time = 0; time < 2; time++) {
      const { sent, received } = await menu.result();
      assertEquals({ sent, received }, { sent: 10, received: 10 });
    }
    assertMatch(menu.screen, /^parley> 8\n.* \[100\]: 10\n.*\nparley> 8\n/);
    await menu.quit();
  }
});

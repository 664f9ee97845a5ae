import { assertEquals, assertMatch } from "@std/assert";
import { version } from "../../terminal/mod.ts";

Deno.test("the version is the package's", async () => {
  const path = new URL("../../deno.json", import.meta.url);
  assertEquals(version, JSON.parse(await Deno.readTextFile(path)).version);
  assertMatch(version, /^\d+\.\d+\.\d+/);
});

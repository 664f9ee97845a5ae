import { assertEquals } from "@std/assert";
import { Command, commandName } from "../../protocol/mod.ts";

Deno.test("Command numbers are the ones that went out into the world", () => {
  assertEquals(
    Object.entries(Command).map(([name, number]) => `${number} ${name}`),
    [
      "1 hello",
      "2 time",
      "3 name",
      "4 list",
      "5 send",
      "6 message",
      "7 ping",
      "8 goodbye",
      "9 error",
      "10 authenticate",
      "11 nodes",
    ],
  );
});

Deno.test("commandName() names every command, and what is none", () => {
  for (const [name, number] of Object.entries(Command)) {
    assertEquals(commandName(number), name);
  }
  assertEquals(commandName(0), "command 0");
  assertEquals(commandName(77), "command 77");
});

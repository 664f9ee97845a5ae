import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { findOneShot, oneShots } from "../../../client/commands/mod.ts";
import { UsageError } from "../../../terminal/mod.ts";

const EXAMPLES: Record<string, string[]> = {
  time: [],
  name: [],
  list: [],
  nodes: [],
  send: ["2", "hello"],
  listen: [],
  burst: [],
};

Deno.test("there is every command of the contract, and it is found by its name", () => {
  assertEquals([...oneShots.keys()], Object.keys(EXAMPLES));
  for (const [name, words] of Object.entries(EXAMPLES)) {
    assertStrictEquals(findOneShot(name, words), oneShots.get(name));
  }
});

Deno.test("an unknown command names the nearest", () => {
  assertThrows(() => findOneShot("tiem", []), UsageError, "did you mean time");
  assertThrows(() => findOneShot("lisen", []), UsageError, "mean listen");
  assertThrows(() => findOneShot("frobnicate", []), UsageError, "--help");
  assertThrows(() => findOneShot("constructor", []), UsageError, "--help");
});

Deno.test("too many or too few words say what the command takes", () => {
  for (const name of ["time", "name", "list", "nodes", "listen", "burst"]) {
    assertThrows(() => findOneShot(name, ["x"]), UsageError, `"${name}"`);
  }
  for (const words of [[], ["2"], ["2", "two", "words"]]) {
    assertThrows(
      () => findOneShot("send", words),
      UsageError,
      '"send ID TEXT"',
    );
  }
  assertThrows(() => findOneShot("send", ["2", "a", "b"]), UsageError, "quote");
});

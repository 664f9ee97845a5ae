import { parseArgs } from "@std/cli/parse-args";
import { assertEquals } from "@std/assert";

/** Parses with the flags of these tests; also gives what was unknown. */
function parse(...args: string[]): [unknown, unknown[][]] {
  const unknown: unknown[][] = [];
  const parsed = parseArgs(args, {
    boolean: ["json", "verbose"],
    string: ["_", "host", "port"],
    unknown: (arg: string, key?: string) => {
      unknown.push(key === undefined ? [arg] : [arg, key]);
      return key === undefined;
    },
  });
  return [parsed, unknown.filter(([, key]) => key !== undefined)];
}

const NONE = { json: false, verbose: false, _: [] };

Deno.test("parseArgs takes a value after a space or an equals sign", () => {
  const expected: [unknown, unknown[][]] = [{ ...NONE, port: "2203" }, []];
  assertEquals(parse("--port", "2203"), expected);
  assertEquals(parse("--port=2203"), expected);
});

Deno.test("parseArgs gives an empty text to a flag without its value", () => {
  assertEquals(parse("--host"), [{ ...NONE, host: "" }, []]);
  assertEquals(parse("--host="), [{ ...NONE, host: "" }, []]);
  assertEquals(parse("--host", "--port", "1"), [
    { ...NONE, host: "", port: "1" },
    [],
  ]);
});

Deno.test("parseArgs keeps the last value of a flag that is given twice", () => {
  assertEquals(parse("--port=1", "--port=2"), [{ ...NONE, port: "2" }, []]);
});

Deno.test("parseArgs knows which flags without a value were given", () => {
  assertEquals(parse("--json", "list"), [
    { ...NONE, json: true, _: ["list"] },
    [],
  ]);
  assertEquals(parse("--json=false", "--verbose", "true"), [
    { ...NONE, verbose: true },
    [],
  ]);
});

Deno.test("parseArgs leaves words as they are, numbers too", () => {
  assertEquals(parse("send", "007", "1e3", ""), [
    { ...NONE, _: ["send", "007", "1e3", ""] },
    [],
  ]);
});

Deno.test("parseArgs takes everything behind -- for words", () => {
  assertEquals(parse("send", "--", "--json", "-1"), [
    { ...NONE, _: ["send", "--json", "-1"] },
    [],
  ]);
});

Deno.test("parseArgs tells of unknown flags", () => {
  assertEquals(parse("--prot=1", "--josn"), [
    NONE,
    [["--prot=1", "prot"], ["--josn", "josn"]],
  ]);
  assertEquals(parse("-x"), [NONE, [["-x", "x"]]]);
});

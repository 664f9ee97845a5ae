import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { describeFlags, parseFlags, UsageError } from "../../terminal/mod.ts";

const FLAGS = {
  json: { kind: "switch", help: "print JSON" },
  name: { kind: "text", value: "NAME", help: "who" },
  host: { kind: "text", value: "HOST", default: "127.0.0.1", help: "where" },
  log: {
    kind: "choice",
    choices: ["pretty", "json"],
    default: "pretty",
    help: "how",
  },
  port: {
    kind: "number",
    value: "PORT",
    min: 0,
    max: 65_535,
    default: 2203,
    help: "on which port",
  },
  count: { kind: "number", value: "N", min: 1, max: 10, help: "how many" },
  timeout: {
    kind: "number",
    value: "SECONDS",
    fraction: true,
    min: 0.1,
    max: 60,
    default: 5,
    help: "how long",
  },
} as const;

const DEFAULTS = {
  json: false,
  name: undefined,
  host: "127.0.0.1",
  log: "pretty",
  port: 2203,
  count: undefined,
  timeout: 5,
};

Deno.test("what is not given has its default, or nothing", () => {
  assertEquals(parse(), { flags: DEFAULTS, words: [] });
});

Deno.test("each kind of flag has its value, behind a space or an equals sign", () => {
  const given = {
    json: true,
    name: "lab 1",
    host: "::1",
    log: "json",
    port: 0,
    count: 10,
    timeout: 0.5,
  };
  assertEquals(
    parse(
      ..."--json --host ::1 --log json --port 0 --count 10 --timeout 0.5"
        .split(" "),
      "--name",
      "lab 1",
    ).flags,
    given,
  );
  assertEquals(
    parse(
      ..."--json --host=::1 --log=json --port=0 --count=10 --timeout=0.5"
        .split(" "),
      "--name=lab 1",
    ).flags,
    given,
  );
});

Deno.test("a value may have equals signs, and look like a number", () => {
  assertEquals(parse("--name=a=b=c").flags.name, "a=b=c");
  assertEquals(parse("--name", "007").flags.name, "007");
  assertEquals(parse("--name=1e3").flags.name, "1e3");
});

Deno.test("words stay texts, in order, wherever the flags stand", () => {
  const { flags, words } = parse("send", "--json", "7", "007", "--port=1");
  assertEquals(words, ["send", "7", "007"]);
  assertEquals([flags.json, flags.port], [true, 1]);
  assertEquals(parse("1e3", "0x10", "", " ").words, ["1e3", "0x10", "", " "]);
});

Deno.test("a switch takes no value: the word behind it is a word", () => {
  assertEquals(parse("--json", "time").words, ["time"]);
  assertEquals(parse("--json", "0").words, ["0"]);
});

Deno.test("everything behind -- is a word, even if it looks like a flag", () => {
  const { flags, words } = parse("send", "--", "2", "--json", "-x", "--");
  assertEquals(words, ["send", "2", "--json", "-x", "--"]);
  assertEquals(flags, DEFAULTS);
});

Deno.test("a dash alone is a word", () => {
  assertEquals(parse("send", "-").words, ["send", "-"]);
});

Deno.test("an unknown flag names the nearest, and the way to give it as a text", () => {
  assertUsage(["--prot", "80"], "--prot", "--port");
  assertUsage(["--prot=80"], "--prot", "--port");
  assertUsage(["--jsno"], "--json");
  assertUsage(["--Port", "80"], "--port");
  assertUsage(["--tmeout=1"], "--timeout");
  assertUsage(["--frobnicate"], "--frobnicate", "--help");
  assertUsage(["-x"], "-x", "behind --");
  assertUsage(["-5"], "-5", "behind --");
  assertUsage(["--no-json"], "--no-json");
  assertUsage(["--__proto__"], "--__proto__");
  assertUsage(["--constructor"], "--constructor");
  assertUsage(["--hasOwnProperty", "x"], "--hasOwnProperty");
});

Deno.test("a flag that lacks its value says what it needs", () => {
  assertUsage(["--port"], "--port PORT");
  assertUsage(["--port="], "--port PORT");
  assertUsage(["--name", ""], "--name NAME");
  assertUsage(["--log", "--json"], "--log pretty|json");
  assertUsage(["--name", "--json"], "--name NAME");
  assertUsage(["--name", "--"], "--name NAME");
});

Deno.test("a choice is one of its words", () => {
  assertUsage(["--log", "xml"], "--log", "pretty or json", '"xml"');
  assertUsage(["--log=JSON"], '"JSON"');
});

Deno.test("a number is one, and within its bounds", () => {
  for (
    const text of ["x", "80x", "1e3", "0x10", "1.5", "65536", "+1", " 1", "NaN"]
  ) {
    assertUsage([`--port=${text}`], "--port", "0 to 65535", `"${text}"`);
  }
  assertUsage(["--count=0"], "a whole number from 1 to 10");
  assertUsage(["--count=11"], '"11"');
  for (const text of ["0", "0.05", "60.1", "1.", ".5", "1e1", "Infinity"]) {
    assertUsage([`--timeout=${text}`], "a number from 0.1 to 60", `"${text}"`);
  }
  assertEquals(parse("--timeout=0.1").flags.timeout, 0.1);
  assertEquals(parse("--timeout=60").flags.timeout, 60);
  assertEquals(parse("--port=65535").flags.port, 65_535);
});

Deno.test("a flag that is given twice has the last value", () => {
  assertEquals(parse("--port=1", "--port=2").flags.port, 2);
  assertEquals(parse("--json", "--json").flags.json, true);
});

Deno.test("the help text has a line a flag: its value, its help, its default", () => {
  const lines = describeFlags(FLAGS).split("\n");
  assertEquals(lines.length, Object.keys(FLAGS).length);
  for (const [i, [name, { help }]] of Object.entries(FLAGS).entries()) {
    assertMatch(lines[i]!, new RegExp(`^  --${name}\\b`));
    assertStringIncludes(lines[i]!, help);
  }
  assertMatch(lines[0]!, /^ +--json {2,}print JSON$/);
  assertMatch(lines[3]!, /^ +--log pretty\|json +how \(default pretty\)$/);
  assertMatch(lines[4]!, /^ +--port PORT +on which port \(default 2203\)$/);
  const columns = lines.map((line, i) =>
    line.indexOf(Object.values(FLAGS)[i]!.help)
  );
  assertEquals(new Set(columns).size, 1);
});

function parse(...args: string[]) {
  return parseFlags(args, FLAGS);
}

function assertUsage(args: string[], ...parts: string[]): void {
  const { message } = assertThrows(() => parseFlags(args, FLAGS), UsageError);
  for (const part of parts) assertStringIncludes(message, part);
}

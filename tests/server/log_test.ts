import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import fc from "../fast_check.ts";
import {
  createLog,
  type LogOptions,
  type ServerEvent,
} from "../../server/mod.ts";
import { hostileText, TERMINAL_CONTROL } from "../terminal/hostile_text.ts";

const HOSTILE = "a\u001b[2J\nb\u009b1m\u202ec";
const client = { id: 3, address: "192.0.2.7", port: 40_312 };

/** One event of each kind, with a text from elsewhere wherever one can be. */
function events(text: string): ServerEvent[] {
  return [
    { event: "listening", name: text, address: "127.0.0.1", port: 2203 },
    { event: "connected", ...client, clients: 1 },
    {
      event: "answered",
      ...client,
      command: "send",
      asked: "5 bytes to 9",
      status: "receiver-refused",
      answer: text,
    },
    {
      event: "left",
      ...client,
      how: "goodbye",
      why: text,
      connectedForMs: 1234,
      clients: 0,
    },
    { event: "trouble", what: text },
    { event: "shutting-down", why: text, clients: 2 },
    { event: "closed" },
  ];
}

Deno.test("a pretty line says who, what was asked and what was answered", () => {
  const [listening, connected, answered, left, trouble, down, closed] = logged(
    events("lab"),
  );
  assertStringIncludes(listening!, "lab listens on 127.0.0.1:2203");
  assertMatch(connected!, /#3 192\.0\.2\.7:40312 connected \(1 connected\)/);
  assertMatch(
    answered!,
    /#3 192\.0\.2\.7:40312 send 5 bytes to 9 → receiver-refused: lab/,
  );
  assertMatch(left!, /#3 .* left \(goodbye: lab\) after 1\.2 s/);
  assertStringIncludes(trouble!, "lab");
  assertStringIncludes(down!, "shutting down: lab");
  assertStringIncludes(closed!, "closed");
  for (const line of logged(events("lab"))) {
    assertMatch(line, /^\d\d:\d\d:\d\d /);
  }
});

Deno.test("the answer to a request that was granted is shown without its status", () => {
  const [line] = logged([{
    event: "answered",
    ...client,
    command: "name",
    asked: "",
    status: "ok",
    answer: "lab",
  }]);
  assertMatch(line!, /#3 192\.0\.2\.7:40312 name → lab$/);
});

Deno.test("an IPv6 client's address is in brackets", () => {
  const address = "2001:db8::1";
  const [line] = logged([
    { event: "connected", id: 1, address, port: 9, clients: 1 },
  ]);
  assertStringIncludes(line!, "[2001:db8::1]:9");
});

Deno.test("a server that only this machine can reach says how to open it", () => {
  const reach = (address: string) =>
    logged([{ event: "listening", name: "lab", address, port: 1 }])[0]!
      .includes("--host");
  assert(reach("127.0.0.1"));
  assert(reach("::1"));
  assertFalse(reach("0.0.0.0"));
  assertFalse(reach("192.0.2.7"));
});

Deno.test("hostile text is made visible in pretty lines, and obeyed nowhere", () => {
  for (const line of logged(events(HOSTILE))) assertHarmless(line);
  const [listening] = logged(events(HOSTILE));
  assertStringIncludes(listening!, "a␛[2J␊b");
});

Deno.test("whatever the text is, an event is one line without control characters", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const line of logged(events(text))) assertHarmless(line);
    }),
    { numRuns: 50 },
  );
});

Deno.test("there is colour only where it is asked for", () => {
  const plain = logged(events("lab"));
  const coloured = logged(events("lab"), { colour: true });
  for (const line of plain) assertHarmless(line);
  for (const [i, line] of coloured.entries()) {
    assertStringIncludes(line, "\u001b[");
    const [first, ...others] = line.split("\u001b");
    const bare = first + others.map((it) => it.replace(/^\[\d+m/, "")).join("");
    assertEquals(bare.slice(8), plain[i]!.slice(8));
  }
});

Deno.test("a JSON line is the event and the time, whatever is in it", () => {
  const lines = logged(events(HOSTILE), { format: "json", colour: true });
  const read = lines.map((line) => {
    assertFalse(line.includes("\n"));
    assertFalse(line.includes("\u001b"));
    const { time, ...event } = JSON.parse(line);
    assertEquals(new Date(time).toISOString(), time);
    return event;
  });
  assertEquals(read, events(HOSTILE));
});

function logged(
  events: ServerEvent[],
  options: Partial<LogOptions> = {},
): string[] {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const log = createLog({ format: "pretty", colour: false, write, ...options });
  for (const event of events) log(event);
  return lines;
}

function assertHarmless(line: string): void {
  assertFalse(TERMINAL_CONTROL.test(line), line);
}

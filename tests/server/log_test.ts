import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import fc from "../fast_check.ts";
import {
  Command,
  encodedPayload,
  FrameType,
  Status,
} from "../../protocol/mod.ts";
import {
  createLog,
  type ListeningEvent,
  type LogOptions,
  serve,
  type ServerEvent,
} from "../../server/mod.ts";
import { hostileText, TERMINAL_CONTROL } from "../terminal/hostile_text.ts";
import { frameOf, RawPeer, sendFrame } from "./raw_peer.ts";
import { EventList } from "./watched_server.ts";

const HOSTILE = "a\u001b[2J\nb\u009b1m\u202ec";
const client = { id: 3, address: "192.0.2.7", port: 40_312 };

/** One event of each kind, with a text from elsewhere wherever one can be. */
function events(text: string): ServerEvent[] {
  return [
    listening({ name: text }),
    {
      event: "not-let-in",
      address: client.address,
      port: client.port,
      how: "no-tls",
      why: text,
    },
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
  const [first, out, connected, answered, left, trouble, down, closed] = logged(
    events("lab"),
  );
  assertStringIncludes(first!, "lab listens on 127.0.0.1:2203");
  assertMatch(out!, /192\.0\.2\.7:40312 was not let in \(no-tls: lab\)$/);
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
    logged([listening({ address })])[0]!.includes("--host");
  assert(reach("127.0.0.1"));
  assert(reach("127.0.0.2"));
  assert(reach("::1"));
  assertFalse(reach("0.0.0.0"));
  assertFalse(reach("192.0.2.7"));
});

Deno.test("a server that others can reach says what they can do, and how to forbid it", () => {
  const connect = "Anybody who can reach it can connect";
  const read = "Anybody on the way can read along";
  for (const address of ["0.0.0.0", "::", "192.0.2.7", "2001:db8::1"]) {
    const said = (tls: boolean, tokenWanted: boolean) => {
      const [line] = logged([listening({ address, tls, tokenWanted })]);
      return [line!.includes(connect), line!.includes(read)];
    };
    assertEquals(said(false, false), [true, true]);
    assertEquals(said(false, true), [false, true]);
    assertEquals(said(true, false), [true, false]);
    assertEquals(said(true, true), [false, false]);
    const [line] = logged([listening({ address })]);
    for (const flag of ["--token-file", "--tls-cert", "--tls-key"]) {
      assertStringIncludes(line!, flag);
    }
  }
});

Deno.test("a server that only this machine can reach warns of nobody", () => {
  for (const address of ["127.0.0.1", "127.1.2.3", "::1"]) {
    for (const tls of [false, true]) {
      for (const tokenWanted of [false, true]) {
        const [line] = logged([listening({ address, tls, tokenWanted })]);
        assertFalse(line!.includes("Anybody"), line);
      }
    }
  }
});

Deno.test("what clients and strangers send is logged, and none of it is obeyed", async () => {
  const lines: Record<"pretty" | "json", string[]> = { pretty: [], json: [] };
  const logs = (["pretty", "json"] as const).map((format) => {
    const write = (line: string) => lines[format].push(line);
    return createLog({ format, colour: false, write });
  });
  const events = new EventList();
  await using server = await serve({
    port: 0,
    name: HOSTILE,
    token: "open sesame",
    trace: true,
    onEvent(event) {
      for (const log of logs) log(event);
      events.add(event);
    },
  });
  const { port } = server;
  using receiver = await RawPeer.letIn(port, "open sesame");
  using sender = await RawPeer.letIn(port, "open sesame");
  await sender.write(sendFrame(receiver.id, 1, HOSTILE));
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, HOSTILE);
  await sender.next();
  await sender.ask(0xfffe, 1, encodedPayload, bytes(HOSTILE));
  await sender.ask(Command.name);
  await sender.ask(Command.authenticate, 1, encodedPayload, bytes(HOSTILE));

  const indication = (command: number, payload: Uint8Array) =>
    frameOf({ type: FrameType.indication, command }, encodedPayload, payload);
  const sayGoodbye = indication(
    Command.goodbye,
    Uint8Array.of(0, 1, ...bytes(HOSTILE)),
  );
  const complain = indication(
    Command.error,
    Uint8Array.of(...new Uint8Array(10), ...bytes(HOSTILE)),
  );
  const notUtf8 = indication(
    Command.goodbye,
    Uint8Array.of(0, 1, 0x1b, 0x9b, 0xff),
  );
  const last = [sayGoodbye, complain, notUtf8, bytes(HOSTILE)];
  for (const said of last) {
    using stranger = await RawPeer.connect(port);
    await stranger.write(said);
    stranger.close();
  }
  for (const said of last) {
    using client = await RawPeer.letIn(port, "open sesame");
    await client.write(said);
    client.close();
  }
  await events.nth("not-let-in", last.length);
  await events.nth("left", last.length);

  const whys = [...events.of("not-let-in"), ...events.of("left")]
    .map(({ why }) => why);
  assertEquals(whys.filter((why) => why.endsWith(HOSTILE)).length, 4);
  assertEquals(lines.pretty.length, events.all.length);
  assertEquals(lines.json.length, events.all.length);
  for (const line of [...lines.pretty, ...lines.json]) assertHarmless(line);
});

Deno.test("hostile text is made visible in pretty lines, and obeyed nowhere", () => {
  for (const line of logged(events(HOSTILE))) assertHarmless(line);
  const [first] = logged(events(HOSTILE));
  assertStringIncludes(first!, "a␛[2J␊b");
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

/** A server listens; where, and how, as far as it is of interest. */
function listening(how: Partial<ListeningEvent> = {}): ServerEvent {
  return {
    event: "listening",
    name: "lab",
    address: "127.0.0.1",
    port: 2203,
    tls: false,
    tokenWanted: false,
    ...how,
  };
}

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

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

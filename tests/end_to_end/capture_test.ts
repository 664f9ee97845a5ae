/**
 * What `--capture` makes of the real programs, and what Wireshark makes of that.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { readCapture } from "../../capture/read_capture.ts";
import { Programs } from "../../tools/programs.ts";
import { FrameDecoder } from "../../protocol/mod.ts";
import { temporaryFile } from "../capture/temporary_file.ts";
import { bothWays } from "./scenario.ts";

/** Runs one of Wireshark's programs; `undefined` where it is not installed. */
async function wireshark(
  program: string,
  ...args: string[]
): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
    }).output();
    const text = new TextDecoder();
    assert(success, text.decode(stderr));
    return text.decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const missing = await wireshark("capinfos", "--version") === undefined ||
  await wireshark("tshark", "--version") === undefined;
if (missing) {
  console.error(
    "Captures are not shown to Wireshark here: no tshark, capinfos",
  );
}

/** How many frames each end of a capture's connections has sent. */
function framesIn(path: string): number {
  const decoders = new Map<string, FrameDecoder>();
  let frames = 0;
  for (const { from, to, payload } of readCapture(Deno.readFileSync(path))) {
    const key = `${from.port} ${to.port}`;
    const decoder = decoders.get(key) ?? new FrameDecoder({ maxPayload: 1e6 });
    decoders.set(key, decoder);
    decoder.push(payload, () => {
      frames++;
      return true;
    });
  }
  return frames;
}

bothWays(
  "both programs capture what they send and receive",
  async (programs) => {
    using atServer = await temporaryFile();
    using atClient = await temporaryFile();
    using token = await temporaryFile("open sesame\n");
    const key = ["--token-file", token.path];
    {
      await using server = await programs.startServer(
        ...["--capture", atServer.path, ...key],
      );
      const { code, stderr } = await programs.ask(
        server.port,
        ...["--capture", atClient.path, ...key, "burst"],
      );
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
      if (Deno.build.os !== "windows") {
        server.kill("SIGTERM");
        assertEquals((await server.end()).code, 0);
      }
    }
    // hello, the token, 100 requests, goodbye, and their answers
    for (const { path } of [atServer, atClient]) {
      assertEquals(framesIn(path), 1 + 2 + 200 + 2);
      if (missing) continue;
      const info = await wireshark("capinfos", "-M", path);
      assertMatch(info!, /encapsulation: +ether/);
      assertMatch(info!, /Capture application: +parley-(server|client) \d/);
      // Nothing that Wireshark would remark on but that connections begin and end.
      const remarks = await wireshark(
        ...["tshark", "-r", path, "-o", "ip.check_checksum:TRUE"] as const,
        ...["-o", "tcp.check_checksum:TRUE", "-T", "fields"],
        ...[
          "-Y",
          "tcp.analysis.flags or _ws.malformed or ip.checksum_bad.expert",
        ],
        ...["-e", "frame.number", "-e", "_ws.expert.message"],
      );
      assertEquals(remarks, "");
      const good = await wireshark(
        ...["tshark", "-r", path, "-o", "tcp.check_checksum:TRUE"] as const,
        ...["-Y", "tcp.checksum.status == 1", "-T", "fields", "-e", "tcp.len"],
      );
      const all = readCapture(Deno.readFileSync(path));
      assertEquals(good!.trim().split("\n").length, all.length);
    }
  },
);

Deno.test("a menu captures every connection that it makes", async () => {
  const programs = Programs.fromSources();
  using file = await temporaryFile();
  await using server = await programs.startServer();
  const visit = `1\n127.0.0.1\n${server.port}\n3\n2\n`;
  const { code } = await programs.client(
    ["--capture", file.path],
    `${visit}${visit}7\n`,
  );
  assertEquals(code, 0);
  const ports = readCapture(Deno.readFileSync(file.path))
    .filter(({ flags }) => flags === 2).map(({ from }) => from.port);
  assertEquals(ports.length, 2);
});

bothWays("a file that cannot be written is wrong usage", async (programs) => {
  const path = "/nowhere/lab.pcapng";
  const why = `Cannot write --capture ${path}: there is no such directory\n`;
  for (const name of ["server", "client"] as const) {
    const { code, stderr } = name === "server"
      ? await programs.server("--capture", path)
      : await programs.client(["--capture", path, "time"]);
    assertEquals({ code, stderr }, {
      code: 2,
      stderr: `parley-${name}: ${why}`,
    });
  }
});

Deno.test("a server that cannot listen leaves an older capture as it is", async () => {
  const programs = Programs.fromSources();
  using file = await temporaryFile("an older capture");
  await using server = await programs.startServer();
  const { code } = await programs.server(
    ...["--port", `${server.port}`, "--capture", file.path],
  );
  assertEquals(code, 3);
  assertEquals(Deno.readTextFileSync(file.path), "an older capture");
});

Deno.test("a file that another program captures to is refused", async () => {
  const programs = Programs.fromSources();
  using file = await temporaryFile();
  await using server = await programs.startServer("--capture", file.path);
  const { code, stderr } = await programs.ask(
    server.port,
    ...["--capture", file.path, "time"],
  );
  assertEquals(code, 2);
  assertMatch(stderr, /another program writes a capture to it\n$/);
});

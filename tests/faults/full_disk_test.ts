import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { readCapture } from "../../capture/read_capture.ts";
import { Client } from "../../client/mod.ts";
import { Programs } from "../../tools/programs.ts";

/** Has a disk of 64 KiB in `directory`, for the program that follows alone. */
function onSmallDisk(directory: string): string[] {
  const script = 'mount -t tmpfs -o size=64k small "$0" && exec "$@"';
  return ["unshare", "--mount", "sh", "-c", script, directory];
}

async function whyNoDisk(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "it takes Linux";
  const [program, ...args] = [...onSmallDisk("/mnt"), "true"];
  const { success, stderr } = await new Deno.Command(program!, { args })
    .output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

const why = await whyNoDisk();
if (why !== undefined) console.error(`No disk can be made to be full: ${why}`);

Deno.test({
  name:
    "when the disk is full the server goes on, and the capture is whole as far as it goes",
  ignore: why !== undefined,
  async fn() {
    const directory = await Deno.makeTempDir();
    const programs = Programs.fromSources().startedBy(
      ...onSmallDisk(directory),
    );
    const path = `${directory}/lab.pcapng`;
    {
      await using server = await programs.startServer("--capture", path);
      await using client = await Client.connect({ port: server.port });
      // Short ones: what is lost is all that waits when the disk is full.
      const text = "x".repeat(1_000);
      for (let i = 0; i < 100; i++) await client.send(99, text);
      await server.stderr.find(
        /trouble: --capture .*lab\.pcapng: nothing more is captured: No space left .*; the file has what came before\n/,
      );
      assertEquals(await client.name(), Deno.hostname());

      // The disk is there for the server alone, and for whoever asks for its.
      const { stdout } = await new Deno.Command("cat", {
        args: [`/proc/${server.pid}/root${path}`],
      }).output();
      const carried = readCapture(stdout)
        .reduce((size, { payload }) => size + payload.length, 0);
      assertGreater(carried, 40_000);
      const end = stdout.subarray(-4);
      const size = new DataView(Uint8Array.from(end).buffer).getUint32(0, true);
      const last = new DataView(Uint8Array.from(stdout.subarray(-size)).buffer);
      assertEquals(last.getUint32(4, true), size, "the last block is whole");
      assertMatch(server.stderr.text, /^(?!.*trouble.*trouble)/s);
    }
    await Deno.remove(directory);
  },
});

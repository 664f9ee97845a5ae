import { assertEquals } from "@std/assert";
import { fault } from "./fault.ts";

fault(
  "a full disk under the log does not stop the server",
  async (programs) => {
    const full = programs.startedBy(
      ...["sh", "-c", 'exec "$@" 2>/dev/full', "sh"],
    );
    await using server = await full.startServer("--verbose");
    const { port } = server;
    const { values } = await programs.askJson(port, "burst");
    assertEquals(values[0]?.received, 100);
    server.kill("SIGTERM");
    assertEquals((await server.end()).code, 0);
  },
  { linuxOnly: true },
);

fault(
  "a log that nobody reads any more does not stop the server",
  async (programs) => {
    await using server = await programs.startServer("--verbose");
    const { port } = server;
    await server.stderr.close();
    const { values } = await programs.askJson(port, "burst");
    assertEquals(values[0]?.received, 100);
    server.kill("SIGTERM");
    assertEquals((await server.end()).code, 0);
  },
);

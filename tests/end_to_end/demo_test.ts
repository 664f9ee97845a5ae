import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { permissionFlags } from "../../tools/task.ts";
import { Program } from "../../tools/program.ts";

Deno.test("the demo shows every function on both sides and exits with 0", async () => {
  await using demo = new Program([
    Deno.execPath(),
    "run",
    ...PACKAGE_FLAGS,
    ...permissionFlags("demo"),
    import.meta.resolve("../../tools/demo.ts"),
  ]);
  const { code, stdout, stderr } = await demo.end();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertFalse(stdout.includes("\x1b"));

  const address = "127\\.0\\.0\\.1:\\d+";
  const lines = [
    `server   │ Listening on ${address}`,
    "client A │ Connected",
    `server   │ .*#1 ${address} connected .*`,
    "client B │ Connected",
    "client A │ Server time: .*",
    "server   │ .* time → .*",
    "client A │ Server name: lab",
    "server   │ .* name → lab",
    `client A │ +1 +${address} .*\\(you\\)`,
    `client A │ +2 +${address} .*`,
    "client A │ Delivered to 2 in .*",
    "server   │ .*#1 .* to 2 → delivered",
    `client B │ .* From 1 \\(${address}\\): Hello, B!`,
    "client A │ Not delivered to 99: .*",
    "server   │ .* to 99 → unknown-number: .*",
    "client C │ 100 of 100 answers came, .*",
    "client A │ Disconnected",
    "server   │ .*#1 .* left \\(goodbye: .*",
    "client A │ parley> 7",
    "client A │ \\(exit code 0\\)",
    "client B │ \\(exit code 0\\)",
  ];
  for (const line of lines) {
    assertMatch(stdout, new RegExp(`^${line}$`, "m"));
  }
  assertStringIncludes(stdout, "── The demo is done ──");
});

import {
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { Program } from "../../tools/program.ts";
import { permissionFlags } from "../../tools/task.ts";
import { withNats } from "./with_nats.ts";

const DEMO = [
  Deno.execPath(),
  "run",
  ...PACKAGE_FLAGS,
  ...permissionFlags("demo:cluster"),
  import.meta.resolve("../../tools/demo_cluster.ts"),
];

withNats(
  "the demo of a cluster shows what it promises, and exits with 0",
  async () => {
    await using demo = new Program(DEMO);
    // Each step may take as long as a program may.
    for (let heading = ""; !heading.includes("The demo is done");) {
      [heading] = await demo.stdout.find(/── .+\n/);
    }
    const { code, stdout, stderr } = await demo.end();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertFalse(stdout.includes("\x1b"));

    const address = "127\\.0\\.0\\.1:\\d+";
    const lines = [
      "NATS     │ ready at nats://127\\.0\\.0\\.1:\\d+",
      ...["lab-a", "lab-b", "lab-c"].flatMap((name, i) => [
        `${name}    │ Listening on ${address}`,
        `client A │ ${i * 1000 + 1} +${address} .*`,
        `client   │ ${name} +${address} .*${i * 1000 + 1}–${i * 1000 + 1000}`,
      ]),
      "client A │ Delivered to 2001 in .*",
      `client C │ .* From 1 \\(${address}\\): Hello, C!`,
      "client C │ Delivered to 1 in .*",
      "client C │ Disconnected: .*",
      "client A │ Not delivered to 2001: .*",
      "lab-a    │ .* trouble: NATS is gone .*",
      `client D │ .* From 1 \\(${address}\\): Just the two of us`,
      "client A │ Not delivered to 1001: .*",
      "lab-b    │ .* NATS is back .*",
      `client B │ .* From 1 \\(${address}\\): B!`,
      "client D │ \\(exit code 0\\)",
      "lab-b    │ \\(exit code 0\\)",
    ];
    for (const line of lines) {
      assertMatch(stdout, new RegExp(`^${line}$`, "m"));
    }
    assertStringIncludes(stdout, "── The demo is done ──");
  },
);

Deno.test("the demo of a cluster says how to get NATS where there is none", async () => {
  await using demo = new Program(DEMO, { env: { PATH: "/nowhere" } });
  const { code, stdout, stderr } = await demo.end();
  assertEquals({ code, stdout }, { code: 1, stdout: "" });
  if (Deno.build.os === "windows") return;
  assertMatch(stderr, /^The demo .*apt install nats-server\.\n$/m);
});

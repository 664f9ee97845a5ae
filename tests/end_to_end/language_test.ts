import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bothWays } from "./scenario.ts";
import { until } from "./until.ts";

bothWays("the menu speaks Chinese with --lang zh", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  const { port } = server;
  const { code, stdout, stderr } = await programs.client(
    ["--lang", "zh", "--server", "127.0.0.1:2203"],
    `1\n127.0.0.1\n${port}\n4\n6\n9\n你好\n7\n`,
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  for (
    const line of [
      "未连接\n  1 -> 连接服务器\n  2  - 断开连接 (请先连接)\n",
      `服务器端口 [2203]: ${port}\n连接成功\n`,
      `已连接到 lab（127.0.0.1:${port}），编号 1，已有 `,
      "服务器名字：lab\n",
      "发给编号: 9\n内容: 你好\n未送达 9：No client has number 9\n",
    ]
  ) {
    assertStringIncludes(stdout, line);
  }
});

bothWays("another language is refused", async (programs) => {
  const { code, stderr } = await programs.client(["--lang", "fr"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'auto or en or zh, not "fr"');
});

bothWays("the last server is offered the next time", async (programs) => {
  await using server = await programs.startServer();
  const { port } = server;
  // Tests that run beside this one have a last server, too, and the same memory.
  await until("its port to be offered", async () => {
    await programs.client([], `1\n127.0.0.1\n${port}\n7\n`);
    const { stdout } = await programs.client([], "1\n\n\n7\n");
    return stdout.includes(`Server port [${port}]: \nConnected\n`);
  });
  // A server that is named counts for more.
  const named = await programs.client(["--server", "192.0.2.1:9"], "1\n");
  assertStringIncludes(named.stdout, "Server address [192.0.2.1]: ");
});

bothWays("completions are printed for each shell", async (programs) => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await programs.client(["completions", shell]);
    assertEquals(code, 0);
    assertMatch(stdout, /parley-client[^]*burst[^]*lang/);
  }
  const unknown = await programs.client(["completions", "tcsh"]);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, "bash or zsh or fish");
});

bothWays("measure tells answers, reads and speed", async (programs) => {
  await using server = await programs.startServer();
  const { code, stdout } = await programs.client(
    ["--server", `127.0.0.1:${server.port}`],
    "1\n\n\n8\n\n7\n",
  );
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /How many requests \[100\]: \n100 of 100 answers came, in \d+ reads and /,
  );
});

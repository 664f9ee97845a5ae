import { assertEquals, assertThrows } from "@std/assert";
import { parseServers } from "../../client/parse_servers.ts";
import { UsageError } from "../../terminal/mod.ts";

Deno.test("one server, or several in their order", () => {
  assertEquals(parseServers("lab:1"), [{ hostname: "lab", port: 1 }]);
  assertEquals(parseServers("b:2,[::1]:3,a:1"), [
    { hostname: "b", port: 2 },
    { hostname: "::1", port: 3 },
    { hostname: "a", port: 1 },
  ]);
});

Deno.test("each has to be one, and none may lack", () => {
  for (const text of ["", ",", "a:1,", ",a:1", "a:1,,b:2", "a:1, b:2", "a,b"]) {
    assertThrows(() => parseServers(text), UsageError, "HOST:PORT");
  }
});

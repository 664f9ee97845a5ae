import { assertEquals, assertThrows } from "@std/assert";
import fc from "../fast_check.ts";
import { parseServer } from "../../client/parse_server.ts";
import { formatEndpoint } from "../../protocol/mod.ts";
import { UsageError } from "../../terminal/mod.ts";

Deno.test("HOST:PORT, with an address or a name", () => {
  assertEquals(parseServer("127.0.0.1:2203"), {
    hostname: "127.0.0.1",
    port: 2203,
  });
  assertEquals(parseServer("lab-pc.local:1"), {
    hostname: "lab-pc.local",
    port: 1,
  });
});

Deno.test("an IPv6 address stands in brackets", () => {
  const hostname = "2001:db8::1";
  assertEquals(parseServer(`[${hostname}]:65535`), { hostname, port: 65_535 });
  assertEquals(parseServer("[::ffff:192.0.2.1]:80").port, 80);
});

Deno.test("anything else is wrong usage", () => {
  for (
    const text of [
      "",
      "lab",
      "2203",
      ":2203",
      "lab:",
      "lab:0",
      "lab:65536",
      "lab:123456",
      "lab:-1",
      "lab:1e3",
      "lab:80x",
      "lab:80:90",
      "::1:80",
      "[::1]80",
      "[::1]",
      "[lab]:80",
      "[]:80",
      "la b:80",
      "lab :80",
      " lab:80",
      "lab:80 ",
      "http://lab:80",
    ]
  ) {
    assertThrows(() => parseServer(text), UsageError, `"${text}"`);
  }
});

Deno.test("what formatEndpoint writes is read back", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(
      address,
      fc.integer({ min: 1, max: 65_535 }),
      (hostname, port) => {
        const text = formatEndpoint(hostname, port);
        assertEquals(parseServer(text), { hostname, port });
      },
    ),
  );
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "../fast_check.ts";
import {
  addressSize,
  formatAddress,
  formatEndpoint,
  parseAddress,
  PayloadReader,
  ProtocolError,
  readAddress,
  writeAddress,
} from "../../protocol/mod.ts";

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** With many zeros, so that there is something to shorten. */
const ipv6 = fc.array(fc.oneof(fc.constant(0), fc.integer({ max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
}).map((groups) =>
  Uint8Array.from(groups.flatMap((group) => [group >>> 8 & 0xff, group & 0xff]))
);

function isMapped(bytes: Uint8Array): boolean {
  return bytes.toHex().startsWith("00000000000000000000ffff");
}

Deno.test("parseAddress() reads back what formatAddress() writes", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (bytes) => {
      const expected = isMapped(bytes) ? bytes.subarray(12) : bytes;
      assertEquals(
        parseAddress(formatAddress(bytes)).toHex(),
        expected.toHex(),
      );
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("formatAddress() writes back what parseAddress() read, in one form", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const written = formatAddress(parseAddress(text));
      assertEquals(formatAddress(parseAddress(written)), written);
      assertEquals(parseAddress(written), parseAddress(text));
    }),
    { numRuns: 500 },
  );
});

// RFC 5952, sections 1, 2 and 4.
const shortForms = {
  "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
  "2001:0db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
  "2001:db8::1:0:0:1": "2001:db8::1:0:0:1",
  "2001:db8::0:1:0:0:1": "2001:db8::1:0:0:1",
  "2001:0db8::1:0:0:1": "2001:db8::1:0:0:1",
  "2001:db8:0:0:1::1": "2001:db8::1:0:0:1",
  "2001:db8:0000:0:1::1": "2001:db8::1:0:0:1",
  "2001:DB8:0:0:1::1": "2001:db8::1:0:0:1",
  "2001:db8:aaaa:bbbb:cccc:dddd:0:1": "2001:db8:aaaa:bbbb:cccc:dddd:0:1",
  "2001:db8:aaaa:bbbb:cccc:dddd::1": "2001:db8:aaaa:bbbb:cccc:dddd:0:1",
  "2001:db8::aaaa:0:0:1": "2001:db8::aaaa:0:0:1",
  "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
  "2001:db8::1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
  "2001:0:0:1:0:0:0:1": "2001:0:0:1::1",
  "2001:db8:0:0:0:0:2:1": "2001:db8::2:1",
  "2001:0db8::0001": "2001:db8::1",
  "0:0:0:0:0:0:0:0": "::",
  "0:0:0:0:0:0:0:1": "::1",
  "1:0:0:0:0:0:0:0": "1::",
  "FE80::1": "fe80::1",
};

for (const [long, short] of Object.entries(shortForms)) {
  Deno.test(`formatAddress() writes ${long} as ${short}`, () => {
    assertEquals(formatAddress(parseAddress(long)), short);
  });
}

Deno.test("parseAddress() reads IPv4", () => {
  for (const text of ["0.0.0.0", "127.0.0.1", "192.0.2.1", "255.255.255.255"]) {
    assertEquals([...parseAddress(text)], text.split(".").map(Number));
    assertEquals(formatAddress(parseAddress(text)), text);
  }
});

Deno.test("parseAddress() takes a mapped IPv4 address for IPv4", () => {
  for (
    const text of [
      "::ffff:192.0.2.1",
      "::FFFF:192.0.2.1",
      "::ffff:c000:201",
      "0:0:0:0:0:ffff:c000:0201",
    ]
  ) {
    assertEquals(parseAddress(text).toHex(), "c0000201", text);
    assertEquals(addressSize(text), 5);
  }
});

Deno.test("parseAddress() does not take other IPv6 addresses for IPv4", () => {
  for (
    const text of [
      "::192.0.2.1",
      "::fffe:c000:201",
      "::ff:c000:201",
      "::ff00:c000:201",
      "1::ffff:c000:201",
      "::ffff:0:c000:201",
    ]
  ) {
    assertEquals(parseAddress(text).length, 16, text);
  }
});

Deno.test("parseAddress() leaves out a zone", () => {
  assertEquals(parseAddress("fe80::1%eth0"), parseAddress("fe80::1"));
  assertEquals(parseAddress("fe80::1%12"), parseAddress("fe80::1"));
});

for (
  const junk of [
    "",
    " ",
    "localhost",
    "1",
    "1.2.3",
    "1.2.3.",
    ".1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1.2.3.-4",
    "1.2.3.1e1",
    "1.2.3.0x4",
    "01.2.3.4",
    "1.2.3.00",
    "1.2.3.4 ",
    "1.2.3.4\n",
    "1.2.3.4%eth0",
    "1.2.3.٤",
    "::g",
    "::1]@evil",
    "::1]/",
    "::1]:80",
    "[::1]",
    " ::1",
    "::1\n",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::1.2.3",
    "::1.2.3.256",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "1.2.3.4:80",
    "%::1",
    "localhost:80",
  ]
) {
  Deno.test(`parseAddress() refuses ${JSON.stringify(junk)}`, () => {
    assertThrows(
      () => parseAddress(junk),
      TypeError,
      `Expected an IP address, got "${junk}"`,
    );
  });
}

Deno.test("parseAddress() reads arbitrary text or throws a TypeError", () => {
  const nearly = fc.string({
    unit: fc.constantFrom(..."0123456789abcdefg:.%[]@/ "),
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string({ unit: "binary" })), (text) => {
      try {
        const bytes = parseAddress(text);
        assertEquals(bytes.length === 4 || bytes.length === 16, true);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("readAddress() reads back what writeAddress() writes", () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), fc.nat(5), (bytes, offset) => {
      const text = formatAddress(bytes);
      const into = new Uint8Array(offset + addressSize(text));
      assertEquals(writeAddress(text, into, offset), into.length);
      const reader = new PayloadReader(into.subarray(offset));
      assertEquals(parseAddress(readAddress(reader)), parseAddress(text));
      reader.end();
    }),
    { numRuns: 500 },
  );
});

Deno.test("readAddress() refuses every length but 4 and 16", () => {
  for (let length = 0; length <= 0xff; length++) {
    if (length === 4 || length === 16) continue;
    const payload = new Uint8Array(300);
    payload[2] = length;
    const reader = new PayloadReader(payload);
    reader.uint16("something before");
    const error = assertThrows(() => readAddress(reader), ProtocolError);
    assertEquals(error.offset, 2);
  }
});

Deno.test("formatEndpoint() puts IPv6 into brackets", () => {
  assertEquals(formatEndpoint("192.0.2.1", 2203), "192.0.2.1:2203");
  assertEquals(formatEndpoint("2001:db8::1", 2203), "[2001:db8::1]:2203");
});

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readPem, readToken, UsageError } from "../../terminal/mod.ts";
import { runScript } from "./run_script.ts";

/** A file that holds this, until the test is over. */
function file(content: string | Uint8Array) {
  const path = Deno.makeTempFileSync();
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  Deno.writeFileSync(path, bytes);
  return { path, [Symbol.dispose]: () => Deno.removeSync(path) };
}

function tokenIn(content: string | Uint8Array): number[] {
  using token = file(content);
  return [...readToken(token.path)];
}

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

Deno.test("a token is all that is in the file but the line break at its end", () => {
  assertEquals(tokenIn("open sesame"), bytesOf("open sesame"));
  assertEquals(tokenIn("open sesame\n"), bytesOf("open sesame"));
  assertEquals(tokenIn("open sesame\r\n"), bytesOf("open sesame"));
  assertEquals(tokenIn(" two\nlines \n\n"), bytesOf(" two\nlines \n"));
  assertEquals(tokenIn("你好\n"), bytesOf("你好"));
  const bytes = [0, 255, 13, 10, 128];
  assertEquals(tokenIn(Uint8Array.from(bytes)), bytes);
});

Deno.test("a token has 1 to 1,024 bytes", () => {
  assertEquals(tokenIn("x".repeat(1024) + "\r\n").length, 1024);
  for (const content of ["", "\n", "\r\n", "x".repeat(1025)]) {
    using token = file(content);
    const error = assertThrows(() => readToken(token.path), UsageError);
    assertStringIncludes(error.message, "1 to 1024 bytes");
    assertStringIncludes(error.message, token.path);
  }
});

Deno.test("the content of a file that is no token is not told", () => {
  using token = file("a secret that is long".repeat(100));
  const error = assertThrows(() => readToken(token.path), UsageError);
  assertEquals(error.message.includes("secret"), false);
});

Deno.test("a file that cannot be read is wrong usage, and says which flag named it", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const missing = `${directory}/missing`;
    const error = assertThrows(() => readToken(missing), UsageError);
    assertEquals(
      error.message,
      `Cannot read --token-file ${missing}: there is no such file`,
    );
    assertThrows(
      () => readToken(directory),
      UsageError,
      "--token-file",
    );
    assertThrows(
      () => readPem("tls-ca", missing),
      UsageError,
      `Cannot read --tls-ca ${missing}: there is no such file`,
    );
  } finally {
    Deno.removeSync(directory);
  }
});

Deno.test("a PEM file is given as it is", () => {
  const path = `${import.meta.dirname}/../tls/cert.pem`;
  const text = Deno.readTextFileSync(path);
  assertEquals(readPem("tls-cert", path), text);
  assertEquals(readPem("tls-ca", path, "CERTIFICATE"), text);
});

Deno.test("a file that is not PEM, or not the kind that is wanted, is refused", () => {
  using nonsense = file("nonsense");
  using der = file(Uint8Array.of(0x30, 0x82, 0xff, 0xfe));
  for (const { path } of [nonsense, der]) {
    const error = assertThrows(() => readPem("tls-key", path), UsageError);
    assertStringIncludes(error.message, "--tls-key takes a file in PEM");
    assertStringIncludes(error.message, path);
  }
  const key = `${import.meta.dirname}/../tls/key.pem`;
  assertStringIncludes(readPem("tls-key", key), "PRIVATE KEY");
  assertThrows(
    () => readPem("tls-ca", key, "CERTIFICATE"),
    UsageError,
    '"-----BEGIN CERTIFICATE-----"',
  );
});

Deno.test("after forgetFiles a program can neither read nor write, whatever it was allowed to", async () => {
  using secret = file("open sesame");
  const path = JSON.stringify(secret.path);
  const { code, stdout, stderr } = await runScript(
    `
      import { forgetFiles, readToken } from "./terminal/mod.ts";
      console.log(readToken(${path}).length);
      forgetFiles();
      for (const use of [Deno.readTextFileSync, Deno.truncateSync]) {
        try {
          console.log(use(${path}));
        } catch (error) {
          console.log(error.name);
        }
      }
      for (const name of ["read", "write"]) {
        console.log((await Deno.permissions.query({ name })).state);
      }
    `,
    ["--allow-read", "--allow-write"],
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(stdout, "11\nNotCapable\nNotCapable\nprompt\nprompt\n");
});

/** The text of a file of `tests/tls`. */
export function pem(file: string): string {
  return Deno.readTextFileSync(new URL(`../tls/${file}`, import.meta.url));
}

/** What a server needs to be `127.0.0.1` to those who trust `cert.pem`. */
export const TLS = { cert: pem("cert.pem"), key: pem("key.pem") };

import { ConnectionError } from "./connection_error.ts";

/** What the network does, and may not do the next time. */
const OF_THE_NETWORK = [
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
  Deno.errors.UnexpectedEof,
];

/** What the TLS library says, and what that means for people. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /InvalidContentType/,
    "the server does not speak TLS; leave out --tls",
  ],
  [
    /UnknownIssuer|BadSignature/,
    "this machine does not trust the server's certificate; give it with " +
    "--tls-ca",
  ],
  [
    /CaUsedAsEndEntity/,
    "the server's certificate is one that signs others; it needs one of its " +
    'own, made with "basicConstraints=critical,CA:FALSE"',
  ],
  [
    /certificate expired/,
    "the server's certificate has expired, or this machine's clock is wrong",
  ],
  [
    /not valid yet/,
    "the server's certificate is not valid yet, or this machine's clock is " +
    "wrong",
  ],
  [
    /pem file|BadEncoding/,
    "the certificate that --tls-ca names is damaged",
  ],
];

/** Says why there is no TLS, given what was thrown, and what to do. */
export function tlsError(cause: unknown, hostname: string): ConnectionError {
  const permanent = !OF_THE_NETWORK.some((kind) => cause instanceof kind);
  const reason = cause instanceof Deno.errors.UnexpectedEof
    ? "the server closed the connection before TLS had begun"
    : explain(cause instanceof Error ? cause.message : String(cause), hostname);
  return new ConnectionError(reason, { cause, permanent });
}

function explain(said: string, hostname: string): string {
  if (/not valid for (any )?name/.test(said)) {
    const names = [...said.matchAll(/(?:DnsName\("|IpAddress\()([^")]+)/g)]
      .map(([, name]) => name);
    const others = names.length === 0 ? "" : ` but for ${names.join(", ")}`;
    return `the server's certificate is not for ${hostname}${others}; connect ` +
      "to a name that it is for";
  }
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said));
  return meaning?.[1] ?? `TLS did not begin: ${said}`;
}

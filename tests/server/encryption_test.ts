import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { type EncryptedConn, encryption } from "../../server/encryption.ts";
import { pipe } from "../link/pipe.ts";
import { pem, TLS } from "./pem.ts";
import { within } from "./within.ts";

const encrypt = encryption(TLS);
const PATIENCE_MS = 5_000;

/** A server's end of a connection, and the client's. */
interface Ends extends Disposable {
  readonly server: EncryptedConn;
  readonly client: Deno.TlsConn;
}

Deno.test("what one side writes the other reads, in pieces of any size", async () => {
  using ends = await shaken();
  const { server, client } = ends;
  const text = Uint8Array.from({ length: 200_000 }, (_, i) => i * i >>> 5);

  const written = writeAll(client, text);
  assertEquals(await readSome(server, 7, 7), text.subarray(0, 7));
  assertEquals(
    await readSome(server, text.length - 7, 1_000),
    text.subarray(7),
  );
  await written;

  const back = writeAll(server, text);
  assertEquals(await readSome(client, text.length, 65_536), text);
  await back;
});

Deno.test("a long text is written piece by piece, so that it can be seen to go on", async () => {
  using ends = await shaken();
  const count = await ends.server.write(new Uint8Array(1_000_000));
  assert(count > 0 && count <= 16_384);
});

Deno.test("either side can close its sending side first, and still be sent to", async () => {
  using ends = await shaken();
  const { server, client } = ends;
  await client.closeWrite();
  assertEquals(await server.read(new Uint8Array(10)), null);
  await writeAll(server, Uint8Array.of(1, 2, 3));
  assertEquals(await readSome(client, 3, 10), Uint8Array.of(1, 2, 3));
  await server.closeWrite();
  assertEquals(await client.read(new Uint8Array(10)), null);

  using others = await shaken();
  await others.server.closeWrite();
  assertEquals(await others.client.read(new Uint8Array(10)), null);
  await writeAll(others.client, Uint8Array.of(4));
  assertEquals(await readSome(others.server, 1, 10), Uint8Array.of(4));
});

Deno.test("what a client writes and nobody reads is not kept: the client has to wait", async () => {
  using ends = await shaken();
  const { server, client } = ends;
  const chunk = new Uint8Array(65_536);
  const most = 64 * 1024 * 1024;
  let sent = 0;
  let writing: Promise<number>;
  for (;;) {
    writing = client.write(chunk);
    const taken = await Promise.race([writing, blocked(300)]);
    if (taken === 0) break;
    sent += taken;
    assertLess(sent, most);
  }
  // And when it is read it goes on.
  let read = 0;
  const buffer = new Uint8Array(65_536);
  while (read < sent) read += (await server.read(buffer))!;
  assert(await writing > 0);
});

Deno.test("a handshake that is closed here fails, and the client sees it", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using plain = await Deno.connect({ hostname: "127.0.0.1", port });
  const server = encrypt(await listener.accept());
  const failed = assertRejects(() => server.handshake(), Error, "closed");
  server.close();
  await failed;
  const end = plain.read(new Uint8Array(10));
  assertEquals(await within(PATIENCE_MS, end), null);
});

Deno.test("whoever waits when the connection breaks is told why", async () => {
  const broken = new Deno.errors.ConnectionReset("Connection reset by peer");
  const [near] = pipe();
  const server = encrypt(near as unknown as Deno.TcpConn);
  const failed = assertRejects(
    () => server.handshake(),
    Deno.errors.ConnectionReset,
  );
  near.break(broken);
  await failed;
  server.close();
});

Deno.test("whoever waits when it is closed here waits no longer", async () => {
  using ends = await shaken();
  const { server } = ends;
  const reading = server.read(new Uint8Array(10)).catch(() => null);
  const writing = (async () => {
    for (;;) await server.write(new Uint8Array(65_536));
  })();
  const failed = assertRejects(() => writing);
  await blocked(50);
  const ending = server.closeWrite();
  server.close();
  server.close();
  assertEquals(await within(PATIENCE_MS, reading), null);
  await within(PATIENCE_MS, failed);
  await within(PATIENCE_MS, ending);
  await within(PATIENCE_MS, server.closeWrite());
  await assertRejects(() =>
    within(PATIENCE_MS, server.write(new Uint8Array(1)))
  );
});

Deno.test("a certificate and a key that do not belong together are refused before anybody connects", () => {
  const tls = { cert: pem("other.pem"), key: TLS.key };
  let message = "";
  try {
    encryption(tls);
  } catch (error) {
    message = `${error}`;
  }
  assert(message.includes("KeyMismatch"), message);
});

/** A connection on which the handshake is over. */
async function shaken(): Promise<Ends> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const hostname = "127.0.0.1";
  const caCerts = [TLS.cert];
  const [accepted, client] = await Promise.all([
    listener.accept(),
    Deno.connectTls({ hostname, port, caCerts }),
  ]);
  const server = encrypt(accepted);
  await Promise.all([server.handshake(), client.handshake()]);
  return {
    server,
    client,
    [Symbol.dispose]() {
      server.close();
      client.close();
    },
  };
}

interface Reader {
  read(buffer: Uint8Array): Promise<number | null>;
}

async function readSome(
  from: Reader,
  size: number,
  atOnce: number,
): Promise<Uint8Array> {
  const all = new Uint8Array(size);
  let fill = 0;
  while (fill < size) {
    const count = await from.read(all.subarray(fill, fill + atOnce));
    assert(count !== null && count > 0);
    fill += count;
  }
  return all;
}

async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await to.write(rest));
}

/** Resolves to 0 when something that should happen has not happened. */
async function blocked(ms: number): Promise<0> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return 0;
}

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  parseSockets,
  type Socket,
  sockets,
  whyNoSockets,
} from "../../lab/sockets.ts";

const TITLES = "State  Recv-Q Send-Q Local Address:Port  Peer Address:Port" +
  " Process\n";

Deno.test("sockets that listen, are connected and are left over", () => {
  const listed = parseSockets(
    TITLES +
      "LISTEN    1      511        127.0.0.1:44155      0.0.0.0:*\n" +
      "ESTAB     100    0          127.0.0.1:44155    127.0.0.1:37068\n" +
      "TIME-WAIT 0      0          127.0.0.1:37070    127.0.0.1:44155 " +
      "timer:(timewait,59sec,0)\n",
  );
  const server = { address: "127.0.0.1", port: 44155 };
  assertEquals(listed, [
    {
      state: "LISTEN",
      recvQ: 1,
      sendQ: 511,
      local: server,
      peer: { address: "0.0.0.0", port: 0 },
    },
    {
      state: "ESTAB",
      recvQ: 100,
      sendQ: 0,
      local: server,
      peer: { address: "127.0.0.1", port: 37068 },
    },
    {
      state: "TIME-WAIT",
      recvQ: 0,
      sendQ: 0,
      local: { address: "127.0.0.1", port: 37070 },
      peer: server,
      timer: { kind: "timewait", leftMs: 59_000, retries: 0 },
    },
  ]);
});

Deno.test("IPv6, any address, and an interface behind the address", () => {
  const ends = parseSockets(
    TITLES +
      "LISTEN 0 511         [::1]:36935 [::]:*\n" +
      "LISTEN 0 511             *:80       *:*\n" +
      "LISTEN 0 511 127.0.0.53%lo:53 0.0.0.0:*\n" +
      "ESTAB  0 0 [fe80::1]%eth0:22 [fe80::2]:5000\n" +
      "ESTAB  0 0 [::ffff:192.0.2.1]:22 [::ffff:192.0.2.2]:5001\n",
  ).map(({ local, peer }) => [
    local.address,
    local.port,
    peer.address,
    peer.port,
  ]);
  assertEquals(ends, [
    ["::1", 36935, "::", 0],
    ["*", 80, "*", 0],
    ["127.0.0.53", 53, "0.0.0.0", 0],
    ["fe80::1", 22, "fe80::2", 5000],
    ["::ffff:192.0.2.1", 22, "::ffff:192.0.2.2", 5001],
  ]);
});

Deno.test("every way in which ss writes how long a timer has left", () => {
  const times: [string, number][] = [
    ["59sec", 59_000],
    ["204ms", 204],
    ["019ms", 19],
    ["5.204ms", 5_204],
    ["1min3sec", 63_000],
    ["1min", 60_000],
    ["119min", 119 * 60_000],
    ["", 0],
  ];
  for (const [text, leftMs] of times) {
    const [socket] = parseSockets(
      `${TITLES}ESTAB 0 1 192.0.2.1:1 192.0.2.2:2 timer:(on,${text},7)`,
    );
    assertEquals(socket!.timer, { kind: "on", leftMs, retries: 7 });
  }
});

Deno.test("what the kernel has counted; what is not there is 0", () => {
  const line = "ESTAB 0 1 192.0.2.1:1 192.0.2.2:2 timer:(on,200ms,0) ts sack " +
    "bbr wscale:10,10 rto:204 backoff:3 rtt:0.026/0.013 mss:32768 cwnd:11 " +
    "bytes_sent:100 bytes_retrans:20 bytes_acked:101 segs_out:4 segs_in:2 " +
    "data_segs_out:1 bbr:(bw:15420234368bps,mrtt:0.017) lastsnd:76 " +
    "retrans:1/3 unacked:1 minrtt:0.017";
  const [socket] = parseSockets(TITLES + line);
  assertEquals(socket!.info, {
    segsOut: 4,
    segsIn: 2,
    dataSegsOut: 1,
    dataSegsIn: 0,
    bytesSent: 100,
    bytesAcked: 101,
    bytesReceived: 0,
    retransmitted: 3,
    unacked: 1,
    rtoMs: 204,
    mss: 32768,
  });
});

Deno.test("no line but the titles, and a line that is none of ss's", () => {
  assertEquals(parseSockets(TITLES), []);
  assertEquals(parseSockets(""), []);
  assertThrows(
    () => parseSockets(TITLES + "Cannot open netlink socket"),
    Error,
    'Expected a line of ss, got "Cannot open netlink socket"',
  );
});

const obstacle = await whyNoSockets();
if (obstacle !== undefined) {
  console.log("Real sockets are not looked at:", obstacle);
}

/** Registers a test that looks at real sockets. */
function real(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: obstacle !== undefined, fn });
}

real("both ends of a real connection, with what was counted", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using near = await Deno.connect({ port });
  using far = await listener.accept();
  await near.write(new Uint8Array(100));
  const nearPort = (near.localAddr as Deno.NetAddr).port;

  const { command, output, sockets: rows } = await sockets({
    port,
    info: true,
  });
  assertEquals(command, `ss -tanoiO 'sport = :${port} or dport = :${port}'`);
  assertStringIncludes(output, `127.0.0.1:${nearPort}`);
  // Besides these, the port may have what somebody has left who had it before.
  const only = (state: string, local: number, peer: number): Socket => {
    const [socket, ...others] = rows.filter((row) =>
      row.state === state && row.local.port === local && row.peer.port === peer
    );
    assert(socket !== undefined, output);
    assertEquals(others, [], output);
    return socket;
  };
  only("LISTEN", port, 0);
  const accepted = only("ESTAB", port, nearPort);
  assertEquals(accepted.peer.address, "127.0.0.1");
  assertEquals(accepted.recvQ, 100);
  assertEquals(accepted.info!.dataSegsIn, 1);
  const connected = only("ESTAB", nearPort, port);
  assertEquals(connected.info!.dataSegsOut, 1);
  assertEquals(connected.info!.bytesSent, 100);
  assertEquals(await far.read(new Uint8Array(200)), 100);
});

real("an IPv6 listener, found by a filter", async () => {
  let listener: Deno.TcpListener;
  try {
    listener = Deno.listen({ hostname: "::1", port: 0 });
  } catch {
    return console.log("There is no IPv6 here");
  }
  using _ = listener;
  const { port } = listener.addr;
  const { sockets: rows, command } = await sockets({
    filter: `src [::1]:${port}`,
  });
  assertEquals(command, `ss -tano 'src [::1]:${port}'`);
  assert(rows.every(({ local }) => local.port === port));
  assertEquals(
    rows.filter(({ state }) => state === "LISTEN").map(({ local }) => local),
    [{ address: "::1", port }],
  );
});

real("no socket at all", async () => {
  const filter = "sport = :1 and dport = :1";
  assertEquals((await sockets({ filter })).sockets, []);
});

real("a starter's command line goes first", async () => {
  const { command } = await sockets({ starter: ["env", "LC_ALL=C"], port: 1 });
  assertEquals(command, "env LC_ALL=C ss -tano 'sport = :1 or dport = :1'");
});

real("what ss does not understand is an error with its words", async () => {
  await assertRejects(
    () => sockets({ filter: "no such filter" }),
    Error,
    "ss -tano 'no such filter'",
  );
});

import { assertEquals, assertMatch } from "@std/assert";
import { Ledgers, type Outcome } from "../../tools/ledger.ts";
import { until } from "../end_to_end/until.ts";
import { compare } from "./compare.ts";
import { fault } from "./fault.ts";
import { openFiles } from "../../tools/process_facts.ts";
import { nameOf, Traffic } from "./traffic.ts";

const KEY = "tests/tls/key.pem";
const CERT = "tests/tls/cert.pem";
/** For a host with another name; the same key. */
const ELSEWHERE = "tests/tls/elsewhere.pem";
/** Of somebody else. */
const OTHER = "tests/tls/other.pem";

fault(
  "with TLS all is as without; who cannot trust, or does not encrypt, is told so",
  async (programs) => {
    const ledgers = new Ledgers();
    const start = (cert: string) =>
      programs.startServer("--tls-cert", cert, "--tls-key", KEY);
    await using server = await start(CERT);
    await using elsewhere = await start(ELSEWHERE);
    await using plain = await programs.startServer();
    const { port } = server;
    const trusting = ["--tls-ca", CERT];

    await using listener = await programs.startListener(port, ...trusting);
    const id = `${listener.id}`;
    for (const words of [["time"], ["list"], ["send", id, "hi"]]) {
      const { code, stderr } = await programs.ask(port, ...trusting, ...words);
      assertEquals({ code, stderr }, { code: 0, stderr: "" });
    }
    await listener.stdout.find(/"text":"hi"/);

    const refused: [number, string[], RegExp][] = [
      [port, ["--tls-ca", OTHER], /trust.*--tls-ca/],
      [port, ["--tls"], /trust.*--tls-ca/],
      [port, ["--timeout", "2"], /--tls\?/],
      [elsewhere.port, ["--tls-ca", ELSEWHERE], /certificate is not for/],
      [plain.port, trusting, /does not speak TLS/],
    ];
    await Promise.all(refused.map(async ([where, flags, why]) => {
      const words = [...flags, "time"];
      const { code, stdout, stderr } = await programs.ask(where, ...words);
      assertEquals({ code, stdout }, { code: 3, stdout: "" }, flags.join(" "));
      assertMatch(stderr, /^parley-client: [^\n]+\n$/);
      assertMatch(stderr, why);
    }));

    const caCerts = [await Deno.readTextFile(CERT)];
    await using another = await programs.startListener(port, ...trusting);
    await using traffic = await Traffic.start({
      port,
      tls: { caCerts },
      ledgers,
      receivers: [another.id],
    });
    await traffic.delivered(500);
    await traffic.stop();
    const { sent, delivered } = await compare(ledgers, [another]);
    assertEquals(delivered, sent);
  },
);

fault(
  "with TLS, too, who does not begin, or does not read, is really closed",
  async (programs) => {
    const ledgers = new Ledgers();
    await using server = await programs.startServer(
      ...["--tls-cert", CERT, "--tls-key", KEY],
      ...["--login-timeout", "1", "--stall-timeout", "1"],
    );
    const { port, pid } = server;
    const caCerts = [await Deno.readTextFile(CERT)];
    await using listener = await programs.startListener(port, "--tls-ca", CERT);
    await using traffic = await Traffic.start({
      port,
      tls: { caCerts },
      ledgers,
      receivers: [listener.id],
    });
    await traffic.delivered(100);
    const before = await openFiles(pid);

    using stack = new DisposableStack();
    const hello = Uint8Array.fromHex("1603010200010001fc0303");
    for (let i = 0; i < 100; i++) {
      const conn = stack.use(await Deno.connect({ port }));
      // Half of them begin, and do not go on.
      if (i % 2 === 0) await conn.write(hello.subarray(0, 1 + i % 11));
    }
    const deaf = stack.use(await Deno.connectTls({ port, caCerts }));
    await deaf.handshake();
    const [, number] = await server.stderr.find(/#(\d+) .* connected \(4/);
    const id = Number(number);
    const [sender] = traffic.senders;
    const ballast = "x".repeat(60_000);
    const sends: Promise<Outcome>[] = [];
    let first: Outcome | undefined;
    while (first === undefined) {
      const sending = ledgers.record(
        nameOf(sender!.id),
        nameOf(id),
        (text) => sender!.send(id, `${text} ${ballast}`),
      );
      sends.push(sending);
      sending.then((outcome) => first ??= outcome);
      await sender!.time();
    }
    assertEquals(first, "receiver-busy");

    await server.stderr.find(/left \(not-reading: /);
    await until("as many open files as before", async () => {
      await sender!.time();
      return await openFiles(pid) === before;
    });
    await traffic.delivered(100);
    await traffic.stop();
    await Promise.all(sends);
    const { notDelivered } = await compare(ledgers, [listener]);
    assertEquals(Object.keys(notDelivered).sort(), [
      "receiver-busy",
      "receiver-gone",
    ]);
    server.kill("SIGTERM");
    const { code, stderr } = await server.end();
    assertEquals(code, 0);
    assertEquals(stderr.match(/not let in \(no-tls: /g)?.length, 100);
  },
  { linuxOnly: true },
);

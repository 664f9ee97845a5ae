import { assert, assertEquals, assertMatch } from "@std/assert";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { freePort } from "../../tools/free_port.ts";
import { type NatsOptions, NatsServer } from "../../tools/nats.ts";
import type { Programs } from "../../tools/programs.ts";
import { Witness } from "./witness.ts";
import { withNats } from "./with_nats.ts";

const KEY = "tests/tls/key.pem";
const CERT = "tests/tls/cert.pem";
/** Of somebody else. */
const OTHER = "tests/tls/other.pem";

/** Whom NATS lets in, and somebody else: for tests only. */
const USER = {
  key: "UAARGV6GZRTROUUFMNYM7CFD5OCQJ57RREYIGTUHDA3I6BGKJS32YKPY",
  seed: "SUAOJUY7X447FXPW7TUXH2UPWJL2CJBDDTFXUPIZEFSGHIURSARBEJP62A",
};
const STRANGER = {
  seed: "SUAFE46WXIHJJQTYKB7GJ2B4NMFTHKDNMTWU7EEVIQG6LWEGIBQU6ZR53Q",
};

/** A file with a text, for as long as a test runs. */
class TextFile implements Disposable {
  readonly path = Deno.makeTempFileSync();

  constructor(text: string) {
    Deno.writeTextFileSync(this.path, text);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}

/** A file of credentials as NATS's tools write it. */
function credentials({ seed }: { seed: string }): TextFile {
  return new TextFile(`-----BEGIN NATS USER JWT-----
e30.e30.e30
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------
`);
}

/** Fails unless the server exits with 3 and a sentence; returns the sentence. */
async function refused(
  programs: Programs,
  ...flags: string[]
): Promise<string> {
  const { code, stdout, stderr } = await programs.server(
    ...["--port", "0", ...flags],
  );
  assertEquals({ code, stdout }, { code: 3, stdout: "" }, stderr);
  assertMatch(stderr, /^parley-server: [^\n]+\n$/);
  return stderr;
}

/** Fails unless a server joins, and can count. */
async function joins(programs: Programs, ...flags: string[]): Promise<void> {
  await using server = await programs.startServer(...flags);
  using witness = await Witness.connect(server.port);
  assertEquals(await witness.list(), { ids: [witness.id] });
}

withNats(
  "a server that cannot join says why in a sentence, and exits with 3",
  async (programs) => {
    await using withoutStreams = await NatsServer.start({ jetStream: false });
    const url = `nats://127.0.0.1:${freePort()}`;
    // Takes connections, and says something else; or nothing at all.
    using stranger = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using mute = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const greeted = (async () => {
      for await (const conn of stranger) {
        using _conn = conn;
        await conn.write(new TextEncoder().encode("220 mail.test ESMTP\r\n"));
      }
    })();
    const urlOf = ({ addr }: Deno.Listener) =>
      `nats://127.0.0.1:${(addr as Deno.NetAddr).port}`;
    const [noStreams, nobody, somebodyElse, silent, unknownHost] = await Promise
      .all([
        refused(programs, "--cluster", withoutStreams.url),
        refused(programs, "--cluster", url),
        refused(programs, "--cluster", urlOf(stranger)),
        refused(programs, "--cluster", urlOf(mute)),
        refused(programs, "--cluster", "nats://nobody.invalid:4222"),
      ]);
    assertMatch(noStreams, /JetStream.*-js/);
    assertMatch(nobody, new RegExp(`NATS.* ${url}`));
    assertMatch(somebodyElse, /NATS/);
    assertMatch(silent, /NATS/);
    assertMatch(unknownHost, /nobody\.invalid/);
    stranger.close();
    await greeted;
  },
);

withNats(
  "a server that knows several NATS takes the one that is there",
  async (programs) => {
    await using nats = await NatsServer.start();
    const gone = `nats://127.0.0.1:${freePort()}`;
    await joins(programs, "--cluster", `${gone},${nats.url}`);
  },
);

withNats(
  "NATS that wants credentials lets in who has them, and nobody else",
  async (programs) => {
    using config = new TextFile(
      `authorization { users: [ { nkey: ${USER.key} } ] }\n`,
    );
    using right = credentials(USER);
    using wrong = credentials(STRANGER);
    await using nats = await NatsServer.start({
      flags: ["--config", config.path],
    });
    const flags = ["--cluster", nats.url];
    const [without, others] = await Promise.all([
      refused(programs, ...flags),
      refused(programs, ...flags, "--cluster-credentials", wrong.path),
      joins(programs, ...flags, "--cluster-credentials", right.path),
    ]);
    for (const why of [without, others]) {
      assertMatch(why, /authorization/i);
      assert(!why.includes(STRANGER.seed));
    }
  },
);

withNats(
  "a server that is to encrypt trusts only the NATS that it is told to",
  async (programs) => {
    const options: NatsOptions = {
      flags: ["--tls", "--tlscert", CERT, "--tlskey", KEY],
    };
    await using nats = await NatsServer.start(options);
    await using plain = await NatsServer.start();
    const flags = ["--cluster", nats.url];
    const [untrusted, unencrypted] = await Promise.all([
      refused(programs, ...flags, "--cluster-tls-ca", OTHER),
      refused(programs, "--cluster", plain.url, "--cluster-tls-ca", CERT),
      joins(programs, ...flags, "--cluster-tls-ca", CERT),
    ]);
    assertMatch(untrusted, /certificate|trust/i);
    assertMatch(unencrypted, /TLS|encrypt/i);
  },
);

/** The parts of `deno info --json` that matter here. */
interface Info {
  roots: string[];
  modules: {
    specifier: string;
    dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[];
  }[];
}

Deno.test("a server on its own loads nothing of NATS", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...PACKAGE_FLAGS, "server.ts"],
  }).output();
  const info: Info = JSON.parse(new TextDecoder().decode(stdout));
  const dependencies = new Map(
    info.modules.map((one) => [one.specifier, one.dependencies ?? []]),
  );
  const loaded = new Set(info.roots);
  for (const specifier of loaded) {
    for (const { code, isDynamic } of dependencies.get(specifier) ?? []) {
      if (code?.specifier && !isDynamic) loaded.add(code.specifier);
    }
  }
  const all = [...dependencies.keys()];
  const ofNats = /\/cluster\/|nats/;
  assert(all.some((specifier) => ofNats.test(specifier)), all.join());
  assertEquals([...loaded].filter((one) => ofNats.test(one)), []);
});

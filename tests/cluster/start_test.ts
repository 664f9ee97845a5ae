import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { joinCluster } from "../../cluster/join_cluster.ts";
import { ClusterError } from "../../server/cluster.ts";
import { serve } from "../../server/mod.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { freePort } from "../../tools/free_port.ts";
import { type NatsOptions, NatsServer } from "../../tools/nats.ts";
import type { Programs } from "../../tools/programs.ts";
import { NatsStranger } from "./nats_stranger.ts";
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
    // Says hello as NATS does, and then nothing that is asked for.
    using dazed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const welcomed = (async () => {
      const info = { version: "2.9.10", headers: true, max_payload: 1_048_576 };
      for await (const conn of dazed) {
        using _conn = conn;
        await conn.write(
          new TextEncoder().encode(`INFO ${JSON.stringify(info)}\r\nPONG\r\n`),
        );
        const buffer = new Uint8Array(4096);
        while (await conn.read(buffer) !== null);
      }
    })();
    const urlOf = ({ addr }: Deno.Listener) =>
      `nats://127.0.0.1:${(addr as Deno.NetAddr).port}`;
    const [noStreams, nobody, somebodyElse, silent, busy, unknownHost] =
      await Promise.all([
        refused(programs, "--cluster", withoutStreams.url),
        refused(programs, "--cluster", url),
        refused(programs, "--cluster", urlOf(stranger)),
        refused(programs, "--cluster", urlOf(mute)),
        refused(programs, "--cluster", urlOf(dazed)),
        refused(programs, "--cluster", "nats://nobody.invalid:4222"),
      ]);
    assertMatch(noStreams, /JetStream.*-js/);
    assertMatch(nobody, new RegExp(`NATS.* ${url}`));
    assertMatch(somebodyElse, /NATS/);
    assertMatch(silent, /NATS.*does not answer in time/);
    assertMatch(busy, /NATS.*took the connection and answers nothing/);
    assertMatch(unknownHost, /nobody\.invalid/);
    stranger.close();
    dazed.close();
    await Promise.all([greeted, welcomed]);
  },
);

withNats(
  "a program whose server cannot join keeps no connection to NATS",
  async () => {
    for (
      const [jetStream, why] of [
        [true, /^Expected a longest text of at most/],
        [false, /^NATS at .* does not count for us/],
      ] as const
    ) {
      await using nats = await NatsServer.start({ jetStream });
      const join = joinCluster({ servers: [nats.url], cluster: "lab" });
      // What is open still when a test ends is an error.
      const { message } = await assertRejects(
        () => serve({ port: 0, maxText: 1024 * 1024, join }),
        ClusterError,
      );
      assertMatch(message, why);
    }
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
  "a file may have a user's password for NATS, or a token, in place of a key",
  async (programs) => {
    const users = 'authorization { users: [ { user: lab, password: "a:b" } ] }';
    using config = new TextFile(users);
    await using named = await NatsServer.start({
      flags: ["--config", config.path],
    });
    await using tokened = await NatsServer.start({
      flags: ["--auth", "t0ken"],
    });
    using password = new TextFile("lab:a:b\n");
    using token = new TextFile("t0ken\n");
    using wrong = new TextFile("lab:b\n");
    const flags = (nats: NatsServer, { path }: TextFile) => [
      ...["--cluster", nats.url, "--cluster-credentials", path],
    ];
    const [why] = await Promise.all([
      refused(programs, ...flags(named, wrong)),
      joins(programs, ...flags(named, password)),
      joins(programs, ...flags(tokened, token)),
    ]);
    assertMatch(why, /does not let us in.*--cluster-credentials/);
  },
);

withNats("a password has no place on the command line", async (programs) => {
  const url = "nats://lab:secret@127.0.0.1:4222";
  const { code, stderr } = await programs.server("--cluster", url);
  assertEquals(code, 2);
  assertMatch(stderr, /--cluster-credentials/);
  assert(!stderr.includes("secret"), stderr);
});

withNats(
  "NATS that takes no more of a server's credentials is as good as gone, until it does again",
  async (programs) => {
    const open = "port: 0\n";
    const closed = `authorization { users: [ { nkey: ${USER.key} } ] }\n`;
    using config = new TextFile(open);
    await using nats = await NatsServer.start({
      flags: ["--config", config.path],
    });
    await using server = await programs.startServer("--cluster", nats.url);
    await nats.stop();
    await server.stderr.find(/NATS is gone/);
    Deno.writeTextFileSync(config.path, closed);
    await nats.startAgain();
    // Twice is where NATS's library gives up, and ten times if NATS is not there
    // at all, unless it is told not to.
    await nats.says(/(authentication error[^]*){12}/);
    await nats.stop();
    Deno.writeTextFileSync(config.path, open);
    await nats.startAgain();
    await server.stderr.find(/NATS is back/);
    // That it is gone was said; why it is not back yet is said by NATS itself.
    assertEquals(server.stderr.text.match(/trouble:/g)?.length, 2);
    using witness = await Witness.connect(server.port);
    assertEquals(await witness.list(), { ids: [witness.id] });
  },
);

withNats(
  "NATS that does not let a server do what it has to is told of in a sentence",
  async (programs) => {
    const user = (publish: string, subscribe: string) =>
      `authorization { users: [ { nkey: ${USER.key}, permissions: {
        publish: ${publish}, subscribe: ${subscribe} } } ] }\n`;
    using file = credentials(USER);
    const all = ["$JS.API.>", "_INBOX.>", "parley.lab.>"];
    const lists = {
      enough: user(JSON.stringify(all), JSON.stringify(all)),
      mute: user('["$JS.API.>", "parley.lab.count"]', '["_INBOX.>", ">"]'),
      deaf: user('">"', '["_INBOX.>"]'),
      countless: user('["$JS.API.>", "parley.lab.news"]', '">"'),
    };
    const outcomes = await Promise.all(
      Object.entries(lists).map(async ([name, config]) => {
        using configFile = new TextFile(config);
        await using nats = await NatsServer.start({
          flags: ["--config", configFile.path],
        });
        const flags = ["--cluster", nats.url, "--cluster-name", "lab"];
        flags.push("--cluster-credentials", file.path);
        if (name === "enough") await joins(programs, ...flags);
        else assertMatch(await refused(programs, ...flags), /[Pp]ermission/);
      }),
    );
    assertEquals(outcomes.length, 4);
  },
);

withNats(
  "NATS that takes too little at once is told of in a sentence",
  async (programs) => {
    const outcome = async (maxPayload: number, maxText: number) => {
      using config = new TextFile(`max_payload: ${maxPayload}\n`);
      await using nats = await NatsServer.start({
        flags: ["--config", config.path],
      });
      const sizes = ["--max-text", `${maxText}`];
      return await refused(programs, "--cluster", nats.url, ...sizes);
    };
    const [little, lessThanTexts] = await Promise.all([
      outcome(32_768, 1_000),
      outcome(65_536, 65_536),
    ]);
    assertMatch(little, /at least 65536 bytes.*32768.*max_payload/);
    assertMatch(lessThanTexts, /at most 31744 bytes.*65536.*--max-text/);
  },
);

withNats(
  "a stream that somebody has made for the count is taken as it is",
  async (programs) => {
    await using nats = await NatsServer.start();
    using stranger = await NatsStranger.connect(nats);
    const make = (name: string, ...subjects: string[]) =>
      stranger.publish(
        `$JS.API.STREAM.CREATE.${name}`,
        JSON.stringify({ name, subjects, storage: "memory", max_msgs: 5 }),
        "nobody",
      );
    await make("parley-lab", "parley.lab.count");
    await make("parley-other", "elsewhere");
    const flags = ["--cluster", nats.url, "--cluster-name"];
    const [, other] = await Promise.all([
      joins(programs, ...flags, "lab"),
      refused(programs, ...flags, "other"),
    ]);
    assertMatch(other, /parley-other.*parley\.other\.count/);
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

import { assertEquals } from "@std/assert";
import {
  judgeQuestions,
  type Question,
  type QuestionsClaim,
} from "../../../lab/questions/judge.ts";
import type { QuestionsObservation } from "../../../lab/questions/observation.ts";
import type { ClosedSeen } from "../../../lab/questions/time_wait.ts";
import { OBSERVED, said } from "./observed.ts";

/** The claims that do not hold when a question's measurement differs so. */
function failing<Key extends Question>(
  question: Key,
  difference: Partial<QuestionsObservation[Key]>,
): QuestionsClaim[] {
  const seen = { ...OBSERVED[question], ...difference };
  return judgeQuestions({ ...OBSERVED, [question]: seen })
    .filter(({ holds }) => !holds).map(({ claim }) => claim);
}

Deno.test("all holds when all is as it should be", () => {
  assertEquals(judgeQuestions(OBSERVED).map(({ claim }) => claim), [
    "ports-from-range",
    "ports-change",
    "connect-before-accept",
    "data-before-accept",
    "fewer-segments",
    "more-segments",
    "one-port",
    "ends-differ",
    "list-agrees",
    "client-waits",
    "server-waits",
    "a-minute",
    "port-again",
    "kernel-unaware",
    "silence-found",
  ]);
  assertEquals(failing("localPort", {}), []);
});

Deno.test("a port from elsewhere, the same port, no port", () => {
  const ports = (...ports: number[]) => failing("localPort", { ports });
  assertEquals(ports(40_000, 61_000), ["ports-from-range"]);
  assertEquals(ports(40_000, 32_767), ["ports-from-range"]);
  assertEquals(ports(32_768, 60_999), []);
  assertEquals(ports(40_000, 40_000), ["ports-change"]);
  assertEquals(ports(), ["ports-from-range", "ports-change"]);
});

Deno.test("a connection that is not there, or does not wait", () => {
  const before = (...lines: string[]) =>
    failing("beforeAccept", { before: said(...lines) });
  const listening = "LISTEN 1 511 127.0.0.1:4000 0.0.0.0:*";
  const far = "ESTAB 18 0 127.0.0.1:4000 127.0.0.1:5000";
  const near = "ESTAB 0 0 127.0.0.1:5000 127.0.0.1:4000";
  assertEquals(before(listening, far, near), []);
  assertEquals(before(listening, far), ["connect-before-accept"]);
  assertEquals(before(listening, near), [
    "connect-before-accept",
    "data-before-accept",
  ]);
  assertEquals(before(listening.replace("1", "0"), far, near), [
    "connect-before-accept",
  ]);
  assertEquals(before(listening, far, near.replace("ESTAB", "SYN-SENT")), [
    "connect-before-accept",
  ]);
  assertEquals(before(listening, far.replace("18", "0"), near), [
    "data-before-accept",
  ]);
});

Deno.test("another connection, or less data, is accepted", () => {
  const claims: QuestionsClaim[] = ["data-before-accept"];
  assertEquals(failing("beforeAccept", { acceptedPort: 5001 }), claims);
  assertEquals(failing("beforeAccept", { read: 17 }), claims);
});

Deno.test("as many segments as sends", () => {
  const { sendings } = OBSERVED.segments;
  const equal = (way: string) =>
    failing("segments", {
      sendings: sendings.map((sending) =>
        sending.way === way ? { ...sending, segments: sending.writes } : sending
      ),
    });
  assertEquals(equal("small"), ["fewer-segments"]);
  assertEquals(equal("small-at-once"), []);
  assertEquals(equal("large"), ["more-segments"]);
});

Deno.test("clients that are not told apart by their ends", () => {
  const seen = (...peers: number[]) =>
    failing("tellingApart", {
      seen: said(
        ...peers.map((port) => `ESTAB 0 0 127.0.0.1:2203 127.0.0.1:${port}`),
      ),
    });
  assertEquals(seen(6001, 6002), []);
  assertEquals(seen(6001), ["one-port", "ends-differ", "list-agrees"]);
  assertEquals(seen(6001, 6001), ["ends-differ", "list-agrees"]);
  assertEquals(
    failing("tellingApart", {
      seen: said(
        "ESTAB 0 0 127.0.0.1:2203 127.0.0.1:6001",
        "ESTAB 0 0 127.0.0.1:2299 127.0.0.1:6002",
      ),
    }),
    ["one-port"],
  );
  assertEquals(failing("tellingApart", { listed: { 1: 6001, 2: 9 } }), [
    "list-agrees",
  ]);
});

Deno.test("TIME-WAIT at the other side, at both, or nowhere", () => {
  const { closed } = OBSERVED.timeWait;
  const left = (i: number, ...lines: string[]) =>
    failing("timeWait", {
      closed: closed.map((each, j) =>
        i === j ? { ...each, left: said(...lines) } : each
      ),
    });
  const [client, server] = closed as [ClosedSeen, ClosedSeen];
  const line = (local: number, peer: number, state = "TIME-WAIT") =>
    `${state} 0 0 127.0.0.1:${local} 127.0.0.1:${peer}`;
  const { clientPort, serverPort } = client;
  assertEquals(left(0, line(clientPort, serverPort)), []);
  assertEquals(left(0, line(serverPort, clientPort)), ["client-waits"]);
  assertEquals(
    left(0, line(clientPort, serverPort), line(serverPort, clientPort)),
    ["client-waits"],
  );
  assertEquals(left(0), ["client-waits"]);
  assertEquals(left(0, line(clientPort, serverPort, "FIN-WAIT-2")), [
    "client-waits",
  ]);
  assertEquals(left(1, line(server.clientPort, server.serverPort)), [
    "server-waits",
  ]);
});

Deno.test("TIME-WAIT that is shorter, longer, or does not end", () => {
  const [client, server] = OBSERVED.timeWait.closed as [ClosedSeen, ClosedSeen];
  const gone = (goneMs: number) =>
    failing("timeWait", { closed: [client, { ...server, goneMs }] });
  assertEquals(gone(59_500), []);
  assertEquals(gone(65_000), []);
  assertEquals(gone(30_000), ["a-minute"]);
  assertEquals(gone(120_000), ["a-minute"]);
  const { goneMs: _, ...never } = server;
  assertEquals(failing("timeWait", { closed: [client, never] }), ["a-minute"]);
});

Deno.test("a server that cannot be started again, or is too late for that", () => {
  const { restart } = OBSERVED.timeWait;
  for (const difference of [{ listens: false }, { seen: said() }]) {
    assertEquals(
      failing("timeWait", { restart: { ...restart, ...difference } }),
      [
        "port-again",
      ],
    );
  }
});

Deno.test("a frozen client that the kernel notices, or the server does not", () => {
  assertEquals(
    failing("silentClient", {
      frozen: said("FIN-WAIT-2 0 0 127.0.0.1:2206 127.0.0.1:8001"),
    }),
    ["kernel-unaware"],
  );
  const { frozen: { output } } = OBSERVED.silentClient;
  const [, ...lines] = output.split("\n");
  const left = "TIME-WAIT 0 0 127.0.0.1:8009 127.0.0.1:2206";
  assertEquals(
    failing("silentClient", { frozen: said(left, ...lines) }),
    [],
  );
  assertEquals(failing("silentClient", { unread: 0 }), ["kernel-unaware"]);
  assertEquals(failing("silentClient", { how: "lost" }), ["silence-found"]);
  assertEquals(failing("silentClient", { foundAfterMs: 2_500 }), [
    "silence-found",
  ]);
});

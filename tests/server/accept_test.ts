import { assertEquals, assertStringIncludes } from "@std/assert";
import type { ServerEvent } from "../../server/mod.ts";
import { acceptAll, type Acceptor } from "../../server/accept.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";

const NO_FILES = "Too many open files (os error 24)";
/** How long the server waits before it tries again, in milliseconds. */
const RETRY_MS = 100;

/** What accepts when the test says so. */
class Scene implements Acceptor, Disposable {
  readonly time = new FakeTime();
  readonly closing = new AbortController();
  readonly accepted: Deno.TcpConn[] = [];
  readonly events: ServerEvent[] = [];
  readonly done: Promise<void>;
  calls = 0;
  #next = Promise.withResolvers<Deno.TcpConn>();

  constructor() {
    this.done = acceptAll(
      this,
      this.closing.signal,
      (conn) => this.accepted.push(conn),
      (event) => this.events.push(event),
    );
  }

  accept(): Promise<Deno.TcpConn> {
    this.calls++;
    return this.#next.promise;
  }

  async comes(conn: Deno.TcpConn): Promise<void> {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers();
    resolve(conn);
    await settled();
  }

  async fails(error: unknown): Promise<void> {
    const { reject } = this.#next;
    this.#next = Promise.withResolvers();
    reject(error);
    await settled();
  }

  /** The troubles that were reported. */
  get troubles(): string[] {
    return this.events.map((event) => {
      assertEquals(event.event, "trouble");
      return event.event === "trouble" ? event.what : "";
    });
  }

  async end(): Promise<void> {
    this.closing.abort();
    await this.fails(new Deno.errors.Interrupted("operation canceled"));
    await this.done;
  }

  [Symbol.dispose](): void {
    this.time[Symbol.dispose]();
  }
}

Deno.test("one connection after the other is handed over", async () => {
  using scene = new Scene();
  const conns = [conn(), conn(), conn()];
  for (const each of conns) await scene.comes(each);
  assertEquals(scene.accepted, conns);
  assertEquals(scene.calls, 4);
  await scene.end();
  assertEquals(scene.events, []);
});

Deno.test("that none can be accepted is reported once, and so is that it can be again", async () => {
  using scene = new Scene();
  for (let i = 0; i < 5; i++) {
    await scene.fails(new Error(NO_FILES));
    await scene.time.live(RETRY_MS);
  }
  assertEquals(scene.troubles.length, 1);
  assertStringIncludes(scene.troubles[0]!, NO_FILES);
  assertStringIncludes(scene.troubles[0]!, "ulimit -n");

  await scene.comes(conn());
  await scene.comes(conn());
  assertEquals(scene.accepted.length, 2);
  assertEquals(scene.troubles.length, 2);
  assertStringIncludes(scene.troubles[1]!, "accepted again");

  await scene.fails("a string");
  await scene.time.live(RETRY_MS);
  assertEquals(scene.troubles.length, 3);
  assertStringIncludes(scene.troubles[2]!, "a string");
  assertEquals(scene.troubles[2]!.includes("ulimit"), false);
  await scene.end();
});

Deno.test("after a failure it is tried again when some time has passed, and not before", async () => {
  using scene = new Scene();
  await scene.fails(new Error(NO_FILES));
  await scene.time.live(RETRY_MS - 1);
  assertEquals(scene.calls, 1);
  await scene.time.live(1);
  assertEquals(scene.calls, 2);
  await scene.end();
});

Deno.test("the end does not wait until it is tried again", async () => {
  using scene = new Scene();
  await scene.fails(new Error(NO_FILES));
  scene.closing.abort();
  await scene.done;
  assertEquals(scene.time.timers, 0);
  assertEquals(scene.calls, 1);
});

Deno.test("that accepting fails because it is over is no trouble", async () => {
  using scene = new Scene();
  await scene.end();
  assertEquals(scene.events, []);
});

Deno.test("whoever comes at the very end is handed over still", async () => {
  using scene = new Scene();
  scene.closing.abort();
  await scene.comes(conn());
  await scene.done;
  assertEquals(scene.accepted.length, 1);
});

function conn(): Deno.TcpConn {
  return {} as Deno.TcpConn;
}

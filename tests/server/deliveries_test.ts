import { assertEquals, assertFalse } from "@std/assert";
import { Link } from "../../link/mod.ts";
import { FrameType, Status } from "../../protocol/mod.ts";
import { Delivery, LocalDeliveries } from "../../server/deliveries.ts";
import { DEFAULT_LIMITS } from "../../server/limits.ts";
import type { Member } from "../../server/member.ts";
import { LocalRoster } from "../../server/roster.ts";
import { pipe, type PipeEnd, settled } from "../link/pipe.ts";
import { frameOf } from "./raw_peer.ts";

Deno.test("deliveries that drain take no more, and are drained when the last has ended", async () => {
  await using scene = new Scene();
  const first = await scene.deliver();
  const second = await scene.deliver();
  let drained = false;
  scene.deliveries.drain().then(() => drained = true);

  assertEquals(await scene.deliver(), undefined);
  assertEquals(scene.outcomes, [Status.shuttingDown]);
  await scene.confirm(second!);
  assertEquals(scene.outcomes, [Status.shuttingDown, Status.ok]);
  assertFalse(drained);
  await scene.confirm(first!);
  assertEquals(scene.outcomes.at(-1), Status.ok);
  assertEquals(drained, true);
});

Deno.test("deliveries of which none is under way are drained at once", async () => {
  await using scene = new Scene();
  await scene.confirm((await scene.deliver())!);
  await scene.deliveries.drain();
  assertEquals(scene.outcomes, [Status.ok]);
});

Deno.test("deliveries that are closed end as not delivered, are drained, and take no more", async () => {
  await using scene = new Scene();
  const message = await scene.deliver();
  const drained = scene.deliveries.drain();
  scene.deliveries.close();
  await drained;
  await scene.deliver();
  await scene.confirm(message!);
  assertEquals(scene.outcomes, [Status.shuttingDown, Status.shuttingDown]);
});

/** A client that sends to another one, whose end is in the test's hands. */
class Scene implements AsyncDisposable {
  readonly roster = new LocalRoster();
  readonly deliveries = new LocalDeliveries(this.roster, DEFAULT_LIMITS);
  /** How the deliveries ended, in that order. */
  readonly outcomes: Status[] = [];
  readonly #link: Link;
  readonly #far: PipeEnd;
  readonly #member: Member;
  #lastId = 0;

  constructor() {
    const [near, far] = pipe();
    this.#link = new Link({ transport: near, limits: { maxPayload: 1000 } });
    this.#link.run(() => {});
    this.#far = far;
    this.#member = {
      id: this.roster.claim(),
      address: "192.0.2.7",
      port: 1,
      connectedMs: 1,
      origin: new Uint8Array(11),
      link: this.#link,
    };
    this.roster.add(this.#member);
  }

  /** Sends; returns the id of the message, if it was passed on. */
  async deliver(): Promise<number | undefined> {
    const send = Uint8Array.of(0, 0, 0, 1, 0x68, 0x69);
    const { id } = this.#member;
    const { outcomes } = this;
    const delivery = new class extends Delivery {
      override end(status: Status): void {
        outcomes.push(status);
      }
    }();
    this.deliveries.deliver(this.#member, id, send, delivery);
    await settled();
    if (this.#far.unread === 0) return undefined;
    await this.#far.read(new Uint8Array(1000));
    return ++this.#lastId;
  }

  /** Confirms the message with this id. */
  async confirm(id: number): Promise<void> {
    const type = FrameType.response;
    await this.#far.writeAll(frameOf({ type, command: 6, id }));
    await settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.deliveries[Symbol.dispose]();
    this.#far.close();
    await this.#link.end();
  }
}

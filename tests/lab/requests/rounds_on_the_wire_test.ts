import { assertEquals } from "@std/assert";
import type { CapturedSegment } from "../../../capture/read_capture.ts";
import { roundsOnTheWire } from "../../../lab/requests/rounds_on_the_wire.ts";

const SERVER = { address: "127.0.0.1", port: 2203 };
const CLIENT = { address: "127.0.0.1", port: 50_000 };
const ACK = 16;

const REQUEST = Uint8Array.fromHex("50590101000200000000000700000000");
const RESPONSE = Uint8Array.fromHex("50590102000200000000000700000001" + "00");
const INDICATION = Uint8Array.fromHex("50590103000100000000000000000000");

/** A capture that is made up segment by segment, a millisecond apart. */
class Made {
  readonly segments: CapturedSegment[] = [];
  readonly #next = { client: 4_294_967_290, server: 1_000 };

  /** The client sends these bytes, or acknowledges. */
  client(...pieces: Uint8Array[]): this {
    return this.#add("client", pieces);
  }

  /** The server does. */
  server(...pieces: Uint8Array[]): this {
    return this.#add("server", pieces);
  }

  /** What was sent last is sent again. */
  again(): this {
    const last = this.segments.at(-1)!;
    this.segments.push({ ...last, number: last.number + 1 });
    return this;
  }

  #add(side: "client" | "server", pieces: Uint8Array[]): this {
    const payload = new Uint8Array(pieces.flatMap((piece) => [...piece]));
    this.segments.push({
      number: this.segments.length + 1,
      timeUs: 5_000_000 + this.segments.length * 1_000,
      from: side === "client" ? CLIENT : SERVER,
      to: side === "client" ? SERVER : CLIENT,
      sequence: this.#next[side],
      acknowledged: 0,
      flags: ACK,
      payload,
    });
    this.#next[side] = (this.#next[side] + payload.length) >>> 0;
    return this;
  }
}

/** The rounds of two requests in a capture: `bytes:frames` a segment. */
function rounds({ segments }: Made): string[][] {
  return roundsOnTheWire(segments, { port: SERVER.port, count: 2 })
    .map((round) =>
      round.map(({ fromClient, bytes, frames }) =>
        `${fromClient ? ">" : "<"}${bytes}:${frames}`
      )
    );
}

Deno.test("what is before the first request and behind the goodbye is left out", () => {
  const made = new Made().client().server(INDICATION).client()
    .client(REQUEST, REQUEST).server().server(RESPONSE, RESPONSE).client()
    .client(INDICATION).server().server(RESPONSE);
  assertEquals(rounds(made), [[">32:2", "<0:0", "<34:2", ">0:0"]]);
});

Deno.test("a round ends where the next one's first request begins", () => {
  const made = new Made().client(REQUEST).client(REQUEST).server(RESPONSE)
    .server(RESPONSE).client().client(REQUEST, REQUEST)
    .server(RESPONSE, RESPONSE);
  assertEquals(rounds(made), [
    [">16:1", ">16:1", "<17:1", "<17:1", ">0:0"],
    [">32:2", "<34:2"],
  ]);
});

Deno.test("a frame that lies across segments counts once, where it ends", () => {
  const made = new Made().client(REQUEST, REQUEST.subarray(0, 5))
    .client(REQUEST.subarray(5)).server(RESPONSE.subarray(0, 16))
    .server(RESPONSE.subarray(16), RESPONSE);
  assertEquals(rounds(made), [[">21:1", ">11:1", "<16:0", "<18:2"]]);
});

Deno.test("what is sent twice counts once", () => {
  const made = new Made().client(REQUEST, REQUEST).again()
    .server(RESPONSE, RESPONSE).again();
  assertEquals(rounds(made), [[">32:2", ">32:0", "<34:2", "<34:0"]]);
});

Deno.test("times count from the first segment of the round", () => {
  const { segments } = new Made().server(INDICATION).client(REQUEST, REQUEST)
    .server(RESPONSE, RESPONSE).client(REQUEST);
  const times = roundsOnTheWire(segments, { port: SERVER.port, count: 2 })
    .map((round) => round.map(({ number, ms }) => [number, ms]));
  assertEquals(times, [[[2, 0], [3, 1]], [[4, 0]]]);
});

Deno.test("no request, no round", () => {
  assertEquals(rounds(new Made().client().server(INDICATION)), []);
  assertEquals(rounds(new Made()), []);
});

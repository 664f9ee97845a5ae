import {
  Command,
  decodePayload,
  empty,
  encodeFrame,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
  hello,
  send,
  TYPE_OFFSET,
} from "../../protocol/mod.ts";
import {
  confirmer,
  connect,
  keepQuiet,
  readExactly,
  repeat,
  unitCounter,
  type Wire,
} from "./wire.ts";

/** The size of what stands before a text of an IPv4 client in *message*. */
const ORIGIN_SIZE = 11;
const ID_OFFSET = 8;

/** Parley's own protocol: a message counts when its receiver has confirmed. */
export const parley: Wire = {
  async receiver(port, _number, size) {
    const conn = await connect(port);
    const id = await greeted(conn);
    const header = { type: FrameType.response, status: 0, id: 0 };
    const yes = encodeFrame(
      { ...header, command: Command.message },
      empty,
      undefined,
    );
    return {
      conn,
      address: String(id),
      confirm: confirmer({
        messageSize: HEADER_SIZE + ORIGIN_SIZE + size,
        keyAt: ID_OFFSET,
        keySize: 4,
        confirmation: yes,
        confirmationKeyAt: ID_OFFSET,
      }),
    };
  },

  async sender(port, _number, receiver, size, window) {
    const conn = await connect(port);
    await greeted(conn);
    const to = Number(receiver.address);
    const text = new Uint8Array(size).fill(0x61);
    const header = { type: FrameType.request, status: 0, id: 1 };
    const message = encodeFrame({ ...header, command: Command.send }, send, {
      to,
      text,
    });
    return {
      conn,
      messages: repeat(message, 2 * window),
      count: unitCounter(HEADER_SIZE),
    };
  },

  async quiet(port) {
    const conn = await connect(port);
    await greeted(conn);
    keepQuiet(conn, (ping) => {
      const answer = ping.slice();
      answer[TYPE_OFFSET] = FrameType.response;
      return answer;
    });
  },
};

/** Reads the hello, and returns the number that it gives. */
async function greeted(conn: Deno.Conn): Promise<number> {
  const header = await readExactly(conn, HEADER_SIZE);
  const length = new DataView(header.buffer).getUint32(12);
  const decoder = new FrameDecoder({ maxPayload: length });
  let id = 0;
  decoder.push(header, () => {});
  decoder.push(await readExactly(conn, length), (frame) => {
    id = decodePayload(frame, hello).id;
  });
  return id;
}

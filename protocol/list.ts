import { addressSize, readAddress, writeAddress } from "./address.ts";
import type { Codec } from "./codec.ts";
import { writeUint16, writeUint32, writeUint64 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { ProtocolError, ProtocolErrorCode } from "./protocol_error.ts";

/** Which page of the list is asked for. */
export interface ListQuery {
  /** Only clients with a greater number; 0 for the first page. */
  readonly after: number;
  /** How many at most, 1 to 65535; 0 for as many as the server likes. */
  readonly limit: number;
}

/** A client as the list shows it. */
export interface ListedClient {
  /** Its number, never used twice while the server runs. */
  readonly id: number;
  /** Its IP address, as the server sees it. */
  readonly address: string;
  /** Its TCP port, as the server sees it. */
  readonly port: number;
  /** When it connected, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly connectedMs: number;
}

/** Some of the clients, by ascending number. */
export interface ListPage {
  /** Whether there are clients behind the last of these. */
  readonly more: boolean;
  /** The clients. */
  readonly clients: readonly ListedClient[];
}

/** The payload of the request `list`. */
export const listQuery: Codec<ListQuery> = {
  sizeOf: () => 6,
  encode(value, into, offset) {
    return writeUint16(
      value.limit,
      into,
      writeUint32(value.after, into, offset),
    );
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    const after = reader.uint32("the number after which to begin");
    const limit = reader.uint16("the limit");
    reader.end();
    return { after, limit };
  },
};

/** The payload of the response to `list`. */
export const listPage: Codec<ListPage> = {
  sizeOf(value) {
    return value.clients.reduce((size, client) => size + entrySize(client), 3);
  },
  encode(value, into, offset) {
    into[offset] = value.more ? 1 : 0;
    let at = writeUint16(value.clients.length, into, offset + 1);
    for (const client of value.clients) {
      at = writeUint32(client.id, into, at);
      at = writeUint16(client.port, into, at);
      at = writeUint64(client.connectedMs, into, at);
      at = writeAddress(client.address, into, at);
    }
    return at;
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    const more = reader.uint8("whether there is more");
    if (more > 1) {
      throw new ProtocolError(
        ProtocolErrorCode.badPayload,
        0,
        `Expected 0 or 1 for whether there is more, got ${more}`,
      );
    }
    const count = reader.uint16("the number of clients");
    const clients: ListedClient[] = [];
    for (let i = 0; i < count; i++) {
      clients.push({
        id: reader.uint32("a client's number"),
        port: reader.uint16("a client's port"),
        connectedMs: reader.uint64("when a client connected"),
        address: readAddress(reader),
      });
    }
    reader.end();
    return { more: more === 1, clients };
  },
};

/** Where the first client stands in a page's payload, in bytes. */
export const FIRST_ENTRY_OFFSET = 3;

/** The most clients that a page of `maxPayload` bytes surely holds. */
export function listPageCapacity(maxPayload: number): number {
  const largest = 4 + 2 + 8 + 1 + 16;
  return Math.min(
    0xffff,
    Math.floor((maxPayload - FIRST_ENTRY_OFFSET) / largest),
  );
}

function entrySize(client: ListedClient): number {
  return 14 + addressSize(client.address);
}

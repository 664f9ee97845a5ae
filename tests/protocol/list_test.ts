import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import {
  type ListedClient,
  listPage,
  listPageCapacity,
} from "../../protocol/mod.ts";

const client: ListedClient = {
  id: 0xffffffff,
  address: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  port: 0xffff,
  connectedMs: Number.MAX_SAFE_INTEGER,
};

function pageSize(count: number): number {
  const page = { more: true, clients: Array<ListedClient>(count).fill(client) };
  const into = new Uint8Array(listPage.sizeOf(page));
  return listPage.encode(page, into, 0);
}

Deno.test("listPageCapacity() is what a page holds, not one more", () => {
  for (const maxPayload of [34, 64, 65, 1_024, 65_536]) {
    const capacity = listPageCapacity(maxPayload);
    assertLessOrEqual(pageSize(capacity), maxPayload);
    assertGreater(pageSize(capacity + 1), maxPayload);
  }
});

Deno.test("listPageCapacity() never exceeds what the count can say", () => {
  assertEquals(listPageCapacity(0xffffffff), 0xffff);
});

Deno.test("listPage holds 65535 clients", () => {
  const clients = Array.from(
    { length: 0xffff },
    (_, i) => ({ ...client, id: i }),
  );
  const into = new Uint8Array(listPage.sizeOf({ more: false, clients }));
  const end = listPage.encode({ more: false, clients }, into, 0);
  const page = listPage.decode(into.subarray(0, end));
  assertEquals(page.clients.length, 0xffff);
  assertEquals(page.clients.at(-1), clients.at(-1));
});

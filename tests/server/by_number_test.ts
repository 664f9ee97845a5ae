import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "../fast_check.ts";
import { ByNumber } from "../../server/by_number.ts";

function client(id: number, node = 1) {
  return { id, address: "192.0.2.1", port: id, connectedMs: 7, node };
}

function ids(clients: ByNumber<ReturnType<typeof client>>): number[] {
  return Array.from(clients.values(), ({ id }) => id);
}

Deno.test("clients stand by ascending number, in whatever order they come", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 50 })),
    fc.array(fc.integer({ min: 1, max: 50 })),
    (come, go) => {
      const clients = new ByNumber<ReturnType<typeof client>>();
      for (const id of come) clients.add(client(id));
      for (const id of go) clients.delete(id);
      const left = new Set(come).difference(new Set(go));
      assertEquals(ids(clients), [...left].toSorted((a, b) => a - b));
      assertEquals(clients.size, left.size);
    },
  ));
});

Deno.test("pages have everybody once", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.integer({ min: 1, max: 1000 })),
    fc.integer({ min: 1, max: 7 }),
    (numbers, limit) => {
      const clients = new ByNumber<ReturnType<typeof client>>();
      for (const id of numbers) clients.add(client(id));
      const seen: number[] = [];
      for (;;) {
        const page = clients.page({ after: seen.at(-1) ?? 0, limit });
        seen.push(...page.clients.map(({ id }) => id));
        if (!page.more) break;
      }
      assertEquals(seen, ids(clients));
    },
  ));
});

Deno.test("who is there already stays as he is", () => {
  const clients = new ByNumber<ReturnType<typeof client>>();
  const first = client(5, 1);
  clients.add(first);
  clients.add(client(5, 2));
  assertStrictEquals(clients.get(5), first);
  assertEquals(clients.size, 1);
});

Deno.test("many can be taken out at once", () => {
  const clients = new ByNumber<ReturnType<typeof client>>();
  for (let id = 1; id <= 10; id++) clients.add(client(id, id % 2));
  clients.deleteAll(({ node }) => node === 1);
  assertEquals(ids(clients), [2, 4, 6, 8, 10]);
  assertEquals([clients.size, clients.get(1)], [5, undefined]);
  clients.add(client(3));
  assertEquals(ids(clients), [2, 3, 4, 6, 8, 10]);
});

Deno.test("a page shows what a list shows, and no more", () => {
  const clients = new ByNumber<ReturnType<typeof client>>();
  clients.add(client(1));
  assertEquals(clients.page({ after: 0, limit: 1 }), {
    more: false,
    clients: [{ id: 1, address: "192.0.2.1", port: 1, connectedMs: 7 }],
  });
});

import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import type { ListedClient } from "../../protocol/mod.ts";
import { Link, type Transport } from "../../link/mod.ts";
import type { Member } from "../../server/member.ts";
import { LocalRoster } from "../../server/roster.ts";

/** What happens between two pages: so many leave, then so many come. */
const change = fc.record({
  leave: fc.array(fc.nat(200), { maxLength: 4 }),
  come: fc.nat(3),
});

Deno.test("numbers are 1, 2, 3 … whoever leaves in between", () => {
  const roster = new LocalRoster();
  const first = add(roster);
  const second = add(roster);
  roster.remove(second);
  roster.remove(first);
  const third = add(roster);
  assertEquals([first.id, second.id, third.id], [1, 2, 3]);
  assertEquals([...roster.values()], [third]);
});

Deno.test("find gives who has the number now", () => {
  const roster = new LocalRoster();
  const client = add(roster);
  assertEquals(roster.find(client.id), client);
  assertEquals(roster.find(client.id + 1), undefined);
  roster.remove(client);
  assertEquals(roster.find(client.id), undefined);
  assertEquals(roster.size, 0);
});

Deno.test("a page has the listed fields only, and says whether there are more", () => {
  const roster = new LocalRoster();
  const one = add(roster);
  const two = add(roster);
  assertEquals(roster.page({ after: 0, limit: 2 }), {
    more: false,
    clients: [listed(one), listed(two)],
  });
  assertEquals(roster.page({ after: 0, limit: 1 }), {
    more: true,
    clients: [listed(one)],
  });
});

Deno.test("whatever changes between pages, who stayed is listed exactly once", () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.integer({ min: 1, max: 9 }),
      fc.array(change, { maxLength: 30 }),
      (size, limit, changes) => {
        const roster = new LocalRoster();
        for (let i = 0; i < size; i++) add(roster);
        const stayed = new Set([...roster.values()].map(({ id }) => id));
        const seen: number[] = [];
        for (let more = true; more;) {
          const page = roster.page({ after: seen.at(-1) ?? 0, limit });
          seen.push(...page.clients.map(({ id }) => id));
          more = page.more;
          const { leave, come } = changes.shift() ?? { leave: [], come: 0 };
          for (const id of leave) {
            const member = roster.find(id);
            if (member) roster.remove(member);
            stayed.delete(id);
          }
          for (let i = 0; i < come; i++) add(roster);
        }
        assertEquals(seen, [...new Set(seen)].sort((a, b) => a - b));
        assertEquals(seen.filter((id) => stayed.has(id)), [...stayed]);
      },
    ),
  );
});

/** A connection that nobody uses. */
const nowhere: Transport = {
  read: () => Promise.resolve(null),
  write: (bytes) => Promise.resolve(bytes.length),
  closeWrite: () => Promise.resolve(),
  close() {},
};

function add(roster: LocalRoster): Member {
  const id = roster.claim();
  const member = {
    ...{ id, address: "192.0.2.1", port: id, connectedMs: 1000 * id },
    origin: new Uint8Array(),
    link: new Link({ transport: nowhere, limits: { maxPayload: 0 } }),
  };
  roster.add(member);
  return member;
}

function listed({ id, address, port, connectedMs }: Member): ListedClient {
  return { id, address, port, connectedMs };
}

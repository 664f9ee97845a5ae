import { Client } from "../../client/mod.ts";
import type { Ledgers } from "../../tools/ledger.ts";
import { nameOf } from "../faults/traffic.ts";

/** Connects a client that enters each message it sees, and confirms it. */
export async function receiver(
  port: number,
  ledgers: Ledgers,
): Promise<Client> {
  const client = await Client.connect({ port });
  client.receive(({ text }) => ledgers.see(nameOf(client.id), text));
  return client;
}

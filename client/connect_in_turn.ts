import type { Client } from "./client.ts";
import { ConnectionError } from "./connection_error.ts";
import type { ServerAddress } from "./parse_server.ts";

/**
 * Connects to the first of some servers that takes the client in.
 *
 * @throws {ConnectionError} If none does; the message says why of each.
 */
export async function connectInTurn(
  servers: readonly ServerAddress[],
  connect: (server: ServerAddress) => Promise<Client>,
): Promise<{ client: Client; server: ServerAddress }> {
  const failures: ConnectionError[] = [];
  for (const server of servers) {
    try {
      return { client: await connect(server), server };
    } catch (error) {
      // A token that is wrong here is wrong everywhere, and trying it locks out.
      if (!(error instanceof ConnectionError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length === 1) throw failures[0]!;
  throw new ConnectionError(
    `None of ${failures.length} servers can be reached: ` +
      failures.map(({ message }) => message).join("; "),
    { permanent: failures.every(({ permanent }) => permanent) },
  );
}

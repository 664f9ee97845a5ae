import { Command, goodbye, PAYLOAD_MARGIN, sentence } from "../protocol/mod.ts";
import { Link, type Transport } from "../link/mod.ts";
import type { Rejection } from "./rejection.ts";

/** Says goodbye in hello's place and closes, a second later at the latest. */
export async function turnAway(
  transport: Transport,
  { reason, why }: Rejection,
): Promise<void> {
  const limits = { maxPayload: PAYLOAD_MARGIN };
  const link = new Link({ transport, limits });
  link.indicate(Command.goodbye, goodbye, { reason, text: sentence(why) });
  link.run(() => {});
  await link.end();
}

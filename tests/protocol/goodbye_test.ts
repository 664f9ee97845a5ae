import { assertEquals } from "@std/assert";
import { GoodbyeReason } from "../../protocol/mod.ts";

Deno.test("GoodbyeReason numbers are the ones that went out into the world", () => {
  assertEquals(
    Object.entries(GoodbyeReason).map(([name, number]) => `${number} ${name}`),
    [
      "1 leaving",
      "2 shuttingDown",
      "3 serverFull",
      "4 addressFull",
      "5 noToken",
      "6 lockedOut",
      "7 silent",
      "8 notReading",
      "9 unfinishedFrame",
    ],
  );
});

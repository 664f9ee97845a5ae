import { assertEquals } from "@std/assert";
import { Status, statusName } from "../../protocol/mod.ts";

Deno.test("Status numbers and names are the ones that went out into the world", () => {
  assertEquals(
    Object.values(Status).map((number) => `${number} ${statusName(number)}`),
    [
      "0 ok",
      "1 unknown-command",
      "2 malformed",
      "3 text-too-long",
      "4 shutting-down",
      "5 server-error",
      "6 too-many-requests",
      "7 too-many-unanswered",
      "8 wrong-token",
      "16 unknown-number",
      "17 own-number",
      "18 receiver-gone",
      "19 receiver-busy",
      "20 not-confirmed",
      "21 receiver-refused",
      "22 unreachable",
      "32 not-listening",
      "33 not-handled",
      "48 incomplete",
    ],
  );
});

Deno.test("statusName() names what is no status by its number", () => {
  assertEquals(statusName(77), "status-77");
});

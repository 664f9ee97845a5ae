import {
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import type { Obstacle } from "../../lab/experiment.ts";
import { obstacleText } from "../../lab/obstacle_text.ts";

const OBSTACLES: readonly Obstacle[] = [
  { kind: "not-linux" },
  { kind: "not-root" },
  { kind: "missing", program: "dumpcap", package: "wireshark-common" },
  { kind: "refused", message: "Operation not permitted" },
];

Deno.test("every obstacle says why, and what to do, in both languages", () => {
  for (const obstacle of OBSTACLES) {
    const [en, zh] = [
      obstacleText(obstacle, "en"),
      obstacleText(obstacle, "zh"),
    ];
    assertMatch(en.why + en.how, /^[\x20-\x7e]+$/);
    assertMatch(zh.why + zh.how, /[\u4e00-\u9fff]/);
    assertNotEquals(en.why, en.how);
    for (const { why, how } of [en, zh]) {
      if (obstacle.kind === "missing") {
        assertStringIncludes(why, "`dumpcap`");
        assertStringIncludes(how, "apt install wireshark-common");
      }
      if (obstacle.kind === "refused") {
        assertStringIncludes(why, "Operation not permitted");
      }
      if (obstacle.kind === "not-root") {
        assertStringIncludes(how, "deno task lab --lang");
      }
    }
  }
});

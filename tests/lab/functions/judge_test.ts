import { assertEquals } from "@std/assert";
import {
  type FunctionClaim,
  judgeFunctions,
} from "../../../lab/functions/judge.ts";
import type {
  FunctionName,
  FunctionsObservation,
  ObservedPacket,
  Party,
} from "../../../lab/functions/observation.ts";
import {
  Command,
  FrameType,
  name,
  refusal,
  Status,
} from "../../../protocol/mod.ts";
import { hexOf, madeUp } from "./made_up.ts";

/** The claims that do not hold. */
function broken(observation: FunctionsObservation): FunctionClaim[] {
  return judgeFunctions(observation).filter(({ holds }) => !holds)
    .map(({ claim }) => claim);
}

/** A visit of which one function has gone otherwise. */
function otherwise(
  name: FunctionName,
  change: {
    packets?: (packets: readonly ObservedPacket[]) => ObservedPacket[];
    screens?: Partial<Record<Party, string>>;
  },
): FunctionsObservation {
  const seen = madeUp();
  return {
    ...seen,
    functions: seen.functions.map((one) =>
      one.name !== name ? one : {
        ...one,
        packets: change.packets?.(one.packets) ?? one.packets,
        screens: { ...one.screens, ...change.screens },
      }
    ),
  };
}

Deno.test("all claims hold of a visit as it should be", () => {
  assertEquals(
    judgeFunctions(madeUp()).map(({ holds }) => holds),
    Array(10).fill(true),
  );
});

const CASES: readonly [string, FunctionClaim, FunctionsObservation][] = [
  [
    "nobody is greeted",
    "greeted",
    otherwise("connect", { packets: (all) => all.slice(0, 3) }),
  ],
  [
    "the server's screen has another number",
    "greeted",
    otherwise("connect", { screens: { server: "#2 connected\n" } }),
  ],
  [
    "the client shows another time",
    "time-as-answered",
    otherwise("time", { screens: { a: "Server time: 2026-11-23 03:04:05" } }),
  ],
  [
    "the time is not answered",
    "time-as-answered",
    otherwise("time", { packets: (all) => all.slice(0, 1) }),
  ],
  [
    "the answer has another name",
    "name-as-answered",
    otherwise("name", {
      packets: ([asked, answered]) => [asked!, {
        ...answered!,
        frames: [hexOf(FrameType.response, Command.name, 2, name, "other")],
      }],
    }),
  ],
  [
    "the answer is to another request",
    "name-as-answered",
    otherwise("name", {
      packets: ([asked, answered]) => [asked!, {
        ...answered!,
        frames: [hexOf(FrameType.response, Command.name, 9, name, "lab-pc")],
      }],
    }),
  ],
  [
    "the ports on the screen are in the wrong byte order",
    "list-as-on-the-wire",
    otherwise("list", {
      screens: { a: "1  127.0.0.1:14535  now\n2  127.0.0.1:14791  now\n" },
    }),
  ],
  [
    "the ports in the list are not those of the connections",
    "list-as-on-the-wire",
    {
      ...madeUp(),
      clients: [{ party: "a", port: 1 }, { party: "b", port: 2 }],
    },
  ],
  [
    "the sender is answered before the receiver has confirmed",
    "delivered-when-confirmed",
    otherwise("send", {
      packets: (all) => [...all.slice(0, 4), all[5]!, all[4]!],
    }),
  ],
  [
    "the receiver has not confirmed at all",
    "delivered-when-confirmed",
    otherwise("send", {
      packets: (all) => all.filter(({ from }) => from !== "b"),
    }),
  ],
  [
    "the receiver shows another text",
    "message-shown",
    otherwise("send", { screens: { b: "From 1: Hello" } }),
  ],
  [
    "the sender is not told why",
    "refusal-told",
    otherwise("refused", { screens: { a: "Success!" } }),
  ],
  [
    "it is refused for another reason",
    "refusal-told",
    otherwise("refused", {
      packets: ([asked, answered]) => [asked!, {
        ...answered!,
        frames: [
          hexOf(
            FrameType.response,
            Command.send,
            7,
            refusal,
            "No client has number 99",
            Status.ownNumber,
          ),
        ],
      }],
    }),
  ],
  [
    "the server closes first",
    "goodbye-answered",
    otherwise("disconnect", {
      packets: ([said, answered, first, second]) =>
        [said, answered, second, first] as ObservedPacket[],
    }),
  ],
  [
    "the goodbye is not answered",
    "goodbye-answered",
    otherwise("disconnect", {
      packets: ([said, , ...fins]) => [said!, ...fins],
    }),
  ],
  [
    "the program that quits fails",
    "quit-says-goodbye",
    { ...madeUp(), exitCodes: { a: 0, server: 0, b: 1 } },
  ],
  [
    "the server closes without a word",
    "shutdown-told",
    otherwise("shutdown", { packets: (all) => all.slice(1) }),
  ],
  [
    "the server does not close",
    "shutdown-told",
    otherwise("shutdown", {
      packets: (all) =>
        all.filter(({ flags, from }) => flags !== 17 || from === "a"),
    }),
  ],
];

for (const [what, claim, observation] of CASES) {
  Deno.test(`a claim does not hold when ${what}`, () => {
    assertEquals(broken(observation), [claim]);
  });
}

Deno.test("what was not seen at all is not claimed to hold", () => {
  assertEquals(broken({ ...madeUp(), functions: [] }).length, 10);
});

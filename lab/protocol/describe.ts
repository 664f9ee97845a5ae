import {
  Command,
  empty,
  encodeFrame,
  type Encoder,
  FrameType,
  GoodbyeReason,
  listPage,
  message,
  ProtocolErrorCode,
  refusal,
  send,
  Status,
} from "../../protocol/mod.ts";
import type { Block } from "../document/document.ts";
import type { Language } from "../language.ts";
import { framePicture } from "../pictures/frame_picture.ts";
import { nameOf } from "../pictures/name_of.ts";
import { en } from "./en.ts";
import type { ProtocolTexts } from "./texts.ts";
import { zh } from "./zh.ts";

const TEXTS: Readonly<Record<Language, ProtocolTexts>> = { en, zh };

/** The protocol's numbers, by the name of what they are numbers of. */
const NUMBERS = {
  type: FrameType,
  command: Command,
  status: Status,
  reason: GoodbyeReason,
  code: ProtocolErrorCode,
} as const;

/** The id of all frames that are drawn, and the text that is sent in them. */
const ID = 7;
const TEXT = new TextEncoder().encode("hello");

/** Tells how the packets are laid out: the first thing that is handed in. */
export function describeProtocol(language: Language): Block[] {
  const texts = TEXTS[language];
  return [
    { kind: "paragraph", text: texts.intro },
    ...texts.answers.map((answer): Block => ({ kind: "answer", ...answer })),
    { kind: "heading", level: 3, text: texts.kindsHeading },
    ...drawn(
      "request",
      frame(FrameType.request, Command.send, send, { to: 5, text: TEXT }),
    ),
    ...drawn(
      "response",
      frame(FrameType.response, Command.send, empty, undefined),
    ),
    ...drawn(
      "indication",
      frame(FrameType.indication, Command.message, message, {
        from: 2,
        port: 40312,
        address: "192.0.2.22",
        text: TEXT,
      }),
    ),
    { kind: "heading", level: 3, text: texts.listHeading },
    ...drawn(
      "list",
      frame(FrameType.response, Command.list, listPage, {
        more: false,
        clients: [
          {
            id: 2,
            address: "192.0.2.22",
            port: 40312,
            connectedMs: 1795369440000,
          },
          {
            id: 5,
            address: "2001:db8::1",
            port: 51000,
            connectedMs: 1795369445000,
          },
        ],
      }),
    ),
    { kind: "heading", level: 3, text: texts.refusalHeading },
    ...drawn(
      "refusal",
      frame(
        FrameType.response,
        Command.send,
        refusal,
        "No client has number 99",
        Status.unknownNumber,
      ),
    ),
    { kind: "heading", level: 3, text: texts.numbersHeading },
    {
      kind: "table",
      head: texts.numbersHead,
      rows: (Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).map((kind) => [
        texts.numbers[kind],
        Object.values(NUMBERS[kind]).map((number) =>
          `${number}\u00a0${nameOf(kind, number, language)}`
        ).join(texts.separator),
      ]),
    },
  ];

  function drawn(
    name: "request" | "response" | "indication" | "list" | "refusal",
    bytes: Uint8Array,
  ): Block[] {
    const [from, to] = name === "request"
      ? [texts.client, texts.server]
      : [texts.server, texts.client];
    return [
      { kind: "paragraph", text: texts[name] },
      {
        kind: "picture",
        name: `protocol-${name}`,
        svg: framePicture({ frame: bytes, from, to, language }),
        alt: `${from} → ${to}: ${bytes.toHex()}`,
      },
    ];
  }
}

function frame<T>(
  type: FrameType,
  command: Command,
  encoder: Encoder<T>,
  value: T,
  status: Status = Status.ok,
): Uint8Array {
  return encodeFrame({ type, command, status, id: ID }, encoder, value);
}

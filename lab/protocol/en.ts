import type { ProtocolTexts } from "./texts.ts";

/** English. */
export const en: ProtocolTexts = {
  title: "The protocol",
  intro: "Everything that either side sends is a sequence of frames without " +
    "gaps: a header of 16 bytes, then the payload. All numbers are in network " +
    "byte order. `protocol/SPEC.md` has it all; what follows is drawn from " +
    "frames that the program itself has encoded just now.",
  answers: [
    {
      question: "How is the border between two packets found?",
      answer:
        "By the length alone. The last four bytes of the header say how " +
        "many bytes of payload follow; behind them the next header begins. TCP " +
        "knows nothing of it: one read may bring half a header or a hundred " +
        "frames.",
    },
    {
      question: "Which field tells the kinds of packet apart?",
      answer: "The type, byte 3: 1 request, 2 response, 3 indication.",
    },
    {
      question: "Which field has the command?",
      answer:
        "Bytes 4 and 5. A response has the command and the id of what it " +
        "answers, so that many requests can be under way at once.",
    },
    {
      question: "How are the data laid out?",
      answer:
        "Each command has a layout of its own, of fixed fields in front " +
        "and at most one text at the end; the list has entries in a row, each " +
        "with the length of its address.",
    },
  ],
  kindsHeading: "The three kinds of packet",
  request: "A **request** goes from client to server. Here: send a text to " +
    "client 5.",
  response: "A **response** answers it, with the same command and id. Here: " +
    "delivered; there is nothing else to say.",
  indication:
    "An **indication** is sent without being asked. Here: a message, " +
    "with its sender's number, port and address. As its id is not 0, it has to " +
    "be answered: that confirms it.",
  listHeading: "The list of clients",
  list:
    "A page of the list with two entries, one of them with an IPv6 address. " +
    "`more` says whether another page follows; the client asks for it with the " +
    "last number that it has.",
  refusalHeading: "A refusal",
  refusal:
    "A response whose status is not 0 has a sentence for people in place " +
    "of data.",
  numbersHeading: "All numbers",
  numbers: {
    type: "Types",
    command: "Commands",
    status: "Statuses of a response",
    reason: "Reasons of a goodbye",
    code: "Codes of an error",
  },
  numbersHead: ["what", "numbers"],
  separator: ", ",
  client: "client",
  server: "server",
};

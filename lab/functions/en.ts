import type { FunctionsTexts } from "./texts.ts";

/** English. */
export const en: FunctionsTexts = {
  intro: ({ a, server, b }) =>
    "A server and two clients at their menus went through every function; " +
    "what came on each screen meanwhile stands beside the others. All three " +
    "captured what they themselves sent and received, with `--capture`, which " +
    `takes no rights: \`captures/${server}\`, \`captures/${a}\` and ` +
    `\`captures/${b}\`. The Ethernet, IP and TCP headers in there are made up, ` +
    "and so are TCP's own packets: SYN and FIN stand where a program connected " +
    "and closed. The bytes, ports, order and times are real. The packets below " +
    "are the server's.",
  parties: { a: "client A", server: "server", b: "client B" },
  names: {
    connect: "Connect",
    time: "Get the server's time",
    name: "Get the server's name",
    list: "List the clients",
    send: "Send a message",
    receive: "Receive a message",
    refused: "Send to a number that nobody has",
    disconnect: "Disconnect",
    quit: "Quit",
    shutdown: "The server quits",
  },
  explanations: {
    connect: "TCP's handshake, then the server speaks first: `hello` is an " +
      "indication, as nobody has asked for it. It tells the client its number " +
      "and what the server allows.",
    time:
      "A request without payload, and a response with the same id: the time in " +
      "milliseconds since 1970, how many minutes the server is ahead of UTC, " +
      "and the name of its time zone. The client prints it as it is there.",
    name: "The same with a text: the name that the server goes by.",
    list:
      "The response has a number of entries, each with number, port, time and " +
      "address in fields of their own. The ports are the same as in the TCP " +
      "headers of the packets: network byte order everywhere.",
    send:
      "The menu fetches the list first, so that one knows whom to send to. Then " +
      "the server passes the text on to client B as an indication, and waits: " +
      "only when B has answered that does A get its response. “Delivered” on " +
      "A's screen means that B has confirmed.",
    receive:
      "The same the other way round: client A is at its menu, and the message " +
      "appears with its sender's number, address and port. The text goes through " +
      "to the byte, whatever language it is in: a Chinese character has three " +
      "bytes of UTF-8 here, the hand four.",
    refused:
      "The response has a status that is not 0, and a sentence for people in " +
      "place of data. Nobody gets anything; the client prints what the server " +
      "has said.",
    disconnect:
      "The client says goodbye, the server answers, and the client closes. Both " +
      "FINs are there, the client's first.",
    quit:
      "Client B quits while it is connected. It disconnects first, as above, " +
      "and its program ends.",
    shutdown:
      "Ctrl-C at the server. It tells every client why it leaves, in an " +
      "indication that wants no answer, and closes; the client does so as soon " +
      "as it has read that, so that either FIN may be the first.",
  },
  claims: {
    "greeted":
      "The first thing that the client gets is `hello`, with the number that the server's screen shows.",
    "time-as-answered":
      "The time on the client's screen is the one in the response.",
    "name-as-answered":
      "The name on the client's screen is the one in the response, and the server's.",
    "list-as-on-the-wire":
      "The list on the screen has the addresses and ports of the TCP connections.",
    "delivered-when-confirmed":
      "The sender is answered only after the receiver has confirmed the message.",
    "message-shown":
      "The message stands on the receiver's screen as it was sent.",
    "refusal-told":
      "A number that nobody has is refused, nobody gets the message, and the sender's screen says why.",
    "goodbye-answered":
      "The client's goodbye is answered, then the client closes, then the server.",
    "quit-says-goodbye":
      "Quitting says goodbye first, and ends with exit code 0.",
    "shutdown-told":
      "The server that quits tells its client why, both close, and it ends with exit code 0.",
  },
  packets: (first, last, file) =>
    `Packets ${first} to ${last} of \`captures/${file}\`.`,
  drawnBefore: (name) =>
    ` The list's request and response are like those under “${name}”.`,
  inWireshark: "The same packets in Wireshark",
  noShark: {
    why:
      "Wireshark's own view of these packets is missing: there is no `tshark`.",
    how: "`sudo apt install tshark`, and run this again.",
  },
};

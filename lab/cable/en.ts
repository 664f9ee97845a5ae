import {
  clientAfterQuit,
  looksOut,
  moments,
  outcome,
  quietAtLast,
  seconds,
  serverStates,
} from "./in_words.ts";
import { promisedMs } from "./judge.ts";
import type { CableTexts } from "./texts.ts";

/** English. */
export const en: CableTexts = {
  setup: () =>
    "Two machines at a switch: on one the server, on the other the clients. " +
    "(They are network namespaces of this computer, and the switch is a bridge; " +
    "for TCP that is the same.) The cable of the clients' machine is pulled out " +
    "of the switch: nothing gets through, and the server's own cable stays in.",
  shortened: ({ full, orphanRetries, without }) =>
    full
      ? "This was run in full, with the kernel's and Parley's own times: the cable " +
        `was out for ${seconds(without.outMs)}.`
      : "This was shortened: the cable was out for " +
        `${seconds(without.outMs)} in place of ten minutes, and the clients' ` +
        `kernel was told to give up a connection without a program after ` +
        `${orphanRetries} retries in place of 8 (\`tcp_orphan_retries\`), so ` +
        "that it does within that time. `--full` runs it with the real times.",
  serverMachine: "the server's machine",
  clientMachine: "the clients' machine",

  withoutHeading: "Heartbeats off",
  withoutSteps: ({ without: { quitter, stayer } }) => [
    "Server and clients run with `--ping-interval 0`: nobody asks whether the " +
    "other is there.",
    `Clients ${quitter.id} and ${stayer.id} connect. The cable is pulled.`,
    `Somebody beside the server asks for the list, and sends client ${stayer.id} ` +
    "a message.",
    `Client ${quitter.id} quits (choice 7 of its menu); client ${stayer.id} ` +
    "stays.",
    "Time passes. Then the cable is plugged in, a new client connects, asks for " +
    `the list, and sends client ${quitter.id} a message.`,
  ],
  statesHead: [
    "cable out",
    "what had happened",
    "1 quits: server",
    "1 quits: client",
    "2 stays: server",
    "2 stays: client",
  ],
  statesCaption:
    "TCP states of both connections, at the server's end and at the client's, " +
    "by `ss`. ESTAB is ESTABLISHED; at “-” there is no connection any more.",
  moments: {
    connected: "both are connected",
    pulled: "the cable was pulled",
    sent: "a message was sent, and not confirmed",
    quit: "the one client has quit",
    waiting: "nothing",
    waited: "nothing; then it is plugged in",
    plugged: "a new client has connected",
    asked: "the new client has sent a message",
  },
  lookAt: (machine, moment) => `${machine}: ${moment}`,
  cableIn: "no",
  states: ({ without }) =>
    "Pulling the cable changes nothing: TCP sends nothing while there is nothing " +
    "to say, so neither side can know. The client that quits says goodbye, waits " +
    `for an answer in vain, and closes: it goes to **${
      clientAfterQuit(without)
    }**. ` +
    "Its Send-Q has the bytes of the goodbye and, behind them, the FIN, which " +
    "counts as one; nobody acknowledges them. Its kernel tries again and again " +
    "with what comes first, the goodbye, and gives up in the end; the connection " +
    "is gone there. The server's end was " +
    `**${serverStates(without).join(", ")}** in all ` +
    `${looksOut(without).length} looks.`,
  wire: ({ without }, files) => {
    const { wire } = without;
    return wire.kind === "captured"
      ? "Was a FIN sent? Both machines' network cards were listened to while the " +
        `cable was out (\`captures/${files.clients}\`, ` +
        `\`captures/${files.server}\`): **${wire.clients.fins}** FINs of the ` +
        `client left its machine, **${wire.server.fins}** arrived at the ` +
        "server's. (A card without a cable hands nothing out.) The server's " +
        `kernel sent the message ${wire.server.messagesMs.length} times, ` +
        "after longer and longer pauses, and no answer came: at " +
        `${moments(wire.server.messagesMs)} s, counted from the first.` +
        (quietAtLast(without)
          ? " Then its machine did not know the other's hardware address any " +
            "more and asked for it in vain (ARP): what TCP sends again waits for " +
            "that, and is not on the wire."
          : "")
      : "";
  },
  whileOut:
    "Meanwhile, beside the server: the list has them both, and the message is " +
    "reported not delivered. A program that says “success” once it has called " +
    "`send` would have said so here, for the kernel took the message.",
  pluggedHeading: "Plugged in again",
  plugged: (
    { without: { quitter, wire, listAnew, sendToQuitter, listAfter } },
  ) =>
    `The new client gets number ${listAnew.self}. ` +
    (listAnew.others.includes(quitter.id)
      ? `The old connection ${quitter.id} is **still in the list**, though its ` +
        "client has been gone for long. "
      : `The old connection ${quitter.id} was not in the list any more. `) +
    `The message to it ended as **${outcome(sendToQuitter)}**: the segment ` +
    "reaches a machine that knows nothing of the connection, and answers with a " +
    "reset" +
    (wire.kind === "captured" && wire.server.reset !== undefined
      ? ` (RST, packet ${wire.server.reset} of \`captures/${wire.files.server}\`)`
      : "") +
    ". That is how the server finds out" +
    (listAfter.others.includes(quitter.id)
      ? ", but it was still listed afterwards."
      : "; now it is off the list."),
  late: ({ without: { stayer, late } }) =>
    late === undefined
      ? `Client ${stayer.id}, whose program had stayed, did not show the message ` +
        "of before while it was watched."
      : `Client ${stayer.id}, whose program had stayed, showed the message of ` +
        `before ${
          seconds(late.ms)
        } after the cable was plugged in: the server's ` +
        "kernel had kept it. Its sender had been told that it was “not " +
        "confirmed”, which is what was known; that it would never arrive, Parley " +
        "did not say.",

  withHeading: "Heartbeats on",
  withSetup: ({ with: { pingIntervalMs, pingTimeoutMs } }) =>
    "The same again with heartbeats: who has heard nothing for " +
    `${seconds(pingIntervalMs)} asks, and after ${
      seconds(pingTimeoutMs)
    } more ` +
    "takes the connection for lost (`--ping-interval`, `--ping-timeout`; a " +
    "server's own times are 10 s and 5 s). A message is sent as soon as the " +
    "cable is out.",
  serverLog: "the server's log",
  clientScreen: "the client's screen",
  withOutcome: ({ with: beating }) =>
    `The server had found out **${
      seconds(beating.goneMs)
    }** after the cable was ` +
    `pulled, the client after ${seconds(beating.clientMs)}; promised are ` +
    `${seconds(promisedMs(beating))}. The message ended as ` +
    `**${
      outcome(beating.send)
    }**, the list has the client no more, and with the ` +
    `cable in again it connected as number ${beating.again}.`,

  questionsHeading: "The lab's questions",
  answers: ({ without, with: beating }) => [
    {
      question: "Does the client's TCP state change when it quits?",
      answer:
        `Yes: from ESTAB to ${
          clientAfterQuit(without)
        }, as it has closed and ` +
        "nobody acknowledges its FIN; then the kernel gives up, and the " +
        "connection is gone. Pulling the cable alone changes nothing.",
    },
    {
      question: "Is a FIN sent?",
      answer: without.wire.kind === "captured"
        ? "TCP makes one, and is in FIN-WAIT-1 because of it, but it does not " +
          `get anywhere: ${without.wire.clients.fins} FINs left the client's ` +
          `machine, and ${without.wire.server.fins} arrived at the server's.`
        : "Not known: it takes a capture.",
    },
    {
      question: "Does the server's TCP state change within ten minutes?",
      answer: `It was ${serverStates(without).join(", ")} all ` +
        `${seconds(without.outMs)} that the cable was out` +
        (without.outMs < 600_000
          ? " (here; `--full` watches for ten minutes)."
          : ".") +
        " Nothing makes Linux look sooner: where nothing is under way its " +
        "keepalive asks after two hours for the first time, if a program wants " +
        "that (`keepalive` above), and what is not acknowledged it gives up " +
        "after more than 15 minutes (`tcp_retries2`).",
    },
    {
      question:
        "Plug in again, connect anew: is the old connection still in the list?",
      answer: without.listAnew.others.includes(without.quitter.id)
        ? "Without heartbeats yes, and it stays until somebody sends it a message " +
          "or the kernel's keepalive asks, hours later. With heartbeats it had " +
          `left the list ${seconds(beating.goneMs)} after the cable was pulled.`
        : "No.",
    },
    {
      question: "Send it a message: what happens?",
      answer:
        `Nobody is told “success”: ${outcome(without.send)} while the cable ` +
        `is out, ${outcome(without.sendToQuitter)} when it is in again, and ` +
        `${outcome(beating.send)} with heartbeats.`,
    },
  ],

  claims: ({ without, with: beating }) => ({
    "pull-unnoticed": "Neither kernel notices that the cable is pulled",
    "quit-changes-client":
      "The client that quits is in FIN-WAIT-1: its FIN is not acknowledged",
    "no-fin": "No FIN arrives at the server",
    "server-unchanged": "The server's end is ESTAB as long as the cable is out",
    "stays-listed":
      "Without heartbeats the dead client stays in the list, even for who connects anew",
    "not-delivered":
      `A message to a client behind the cable is reported not delivered, within ` +
      `the ${seconds(without.deliveryTimeoutMs)} that the server waits`,
    "quitter-not-delivered":
      "A message to a client that has quit is reported not delivered",
    "quitter-leaves": "After that message the dead client is off the list",
    "gone-in-time": `With heartbeats it is off the list within the promised ` +
      `${seconds(promisedMs(beating))} (and a second for a busy machine)`,
    "not-delivered-when-gone": "A message meanwhile is reported not delivered",
    "client-finds-out":
      "The client finds out as soon, says so, and can connect anew",
  }),
};

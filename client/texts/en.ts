import type { Texts } from "./texts.ts";

/** English. */
export const en: Texts = {
  choices: {
    connect: "connect to a server",
    disconnect: "disconnect",
    time: "get the server's time",
    name: "get the server's name",
    list: "list the clients",
    send: "send a message",
    quit: "quit",
    measure: "measure: many requests at once",
    reconnect: "wait for the server and connect again",
  },
  notConnected: "Not connected",
  connectedTo: (server, where, id, since) =>
    `Connected to ${server} (${where}) as number ${id} for ${since}`,
  connectFirst: "connect first",
  alreadyConnected: "you are connected",
  notPossibleNow: (choice, why) => `${choice} is not possible now: ${why}`,
  expectedChoice: (last, got) =>
    `Expected a number from 1 to ${last}, got "${got}"`,
  serverAddress: "Server address",
  serverPort: "Server port",
  toNumber: "To number",
  text: "Text",
  howMany: "How many requests",
  otherAnswer: "type another number",
  expectedHost: (got) => `Expected an IP address or a host name, got "${got}"`,
  expectedPort: (got) => `Expected a port from 1 to 65535, got "${got}"`,
  expectedId: (got) => `Expected a client's number, got "${got}"`,
  expectedCount: (max, got) =>
    `Expected a number from 1 to ${max}, got "${got}"`,
  connected: "Connected",
  disconnected: (why) => why === "" ? "Disconnected" : `Disconnected: ${why}`,
  waitingFor: (where) => `Waiting for ${where}`,
  stopWaiting: "stop waiting",
  tryingAgain: (seconds) => `Trying again in ${seconds} s`,
  connectedAs: (id) => `Connected as number ${id}`,
  serverTime: (time) => `Server time: ${time}`,
  serverName: (name) => `Server name: ${name}`,
  delivered: (to, ms) => `Delivered to ${to} in ${ms} ms`,
  notDelivered: (to, why) => `Not delivered to ${to}: ${why}`,
  notSent: (text) => `Not sent: ${text}`,
  enterFirst: "press Enter to go on",
  message: (from, where, text) => `From ${from} (${where}): ${text}`,
  listening: (id) => `Listening as number ${id}`,
  measured: (received, sent, reads, ms, perSecond) =>
    `${received} of ${sent} answers came, in ${reads} reads and ${ms} ms ` +
    `(${perSecond} a second)`,
  measuring: "Requests",
  you: "(you)",
  columns: ["number", "address", "since"],
  node: "node",
  nodeColumns: [
    "node",
    "address",
    "clients",
    "messages/s",
    "running for",
    "round trip",
    "numbers",
  ],
  missing: "no answer",
  thisNode: "(this one)",
  milliseconds: (ms) => `${ms} ms`,
  duration(seconds) {
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  },
  menuHint: "number or ↑ ↓ and Enter; Ctrl-D quits",
  searchHint: "type to search, ↑ ↓ and Enter",
};

import { figure } from "../figure.ts";
import type { Texts } from "./texts.ts";

/** English. */
export const en: Texts = {
  answersHeading: "Does the server answer all?",
  setup: (count, rounds) =>
    `A real \`parley-client\` is connected to a real \`parley-server\`. ` +
    `Choice 8 of its menu sends ${count} requests for the time at once and ` +
    `counts the answers. The choice was made ${rounds} times on one connection.`,
  answers: (received, sent, logged) =>
    `**${figure(received)} of ${
      figure(sent)
    }** answers came. The server's log ` +
    `has ${
      figure(logged)
    } lines of a \`time\` that was answered to this client.`,
  clientTitle: "client, at the first choice",
  serverTitle: "server's log of it",

  packetsHeading: "How many packets go over the wire?",
  captured: (command, file) =>
    `What went over the loopback interface was captured by \`${command}\`; ` +
    `\`${file}\` has the whole visit. A round begins with the segment that ` +
    `carries its first request.`,
  roundsHead: [
    "round",
    "answers",
    "frames",
    "segments →",
    "segments ←",
    "all segments",
    "reads",
    "ms",
  ],
  roundsCaption: (source, count) => {
    const frames = `Each round is ${count} requests and their responses`;
    if (source === "none") return `${frames}. Segments could not be counted.`;
    const from = source === "wire" ? "the capture" : "the kernel's counters";
    return `${frames}. Segments → and ← are those with data, from the client ` +
      `and from the server, by ${from}; all segments are these and those ` +
      `without data.`;
  },
  packets: (frames, segments, without, reads) =>
    `${figure(frames)} frames went in **${figure(segments)} segments with ` +
    `data**, and ${figure(without)} more segments had no data but ` +
    `acknowledged some. The client took ${figure(reads)} reads for its ` +
    `answers. TCP carries a stream of bytes, not packets of ours: both ` +
    `programs hand over many frames in one write, and the kernel puts as many ` +
    `bytes into a segment as there are.`,
  segmentsHead: ["packet", "ms", "from", "bytes", "what is in it"],
  segmentsCaption: "The first round on the wire, packet by packet.",
  fromClient: "client →",
  fromServer: "← server",
  frames: (frames, fromClient) => {
    const what = fromClient ? "request" : "response";
    return `${frames} ${what}${frames === 1 ? "" : "s"}`;
  },
  acknowledgement: "no data: an acknowledgement",
  before: "before the first choice",
  after: "after the first choice",
  counters: (sent, received) =>
    "The kernel counts the segments of a connection, too. During the first " +
    "choice its counters of the client's socket have grown by " +
    `${sent} (\`data_segs_out\`) and ${received} (\`data_segs_in\`); what is ` +
    "0 `ss` leaves out.",

  naiveHeading: "A reader that takes a read for a packet",
  naive: (readSize, count) =>
    `It is easy to take what one read brings for one packet. A small program ` +
    `that does so (it reads up to ${figure(readSize)} bytes at a ` +
    `time) sent ${count} requests to the same server. Parley's decoder looked ` +
    `at the same bytes beside it, so that it is known what really came.`,
  naiveHead: [
    "the requests",
    "run",
    "bytes of each read",
    "seen",
    "lost",
    "nonsense",
    "really came",
  ],
  naiveCaption: (count) =>
    `Responses to ${count} requests, as the naive reader sees them. “Nonsense” ` +
    `are reads that begin inside of a response.`,
  writes: {
    waiting: "each once the one before is answered",
    each: "a write for each, without a pause",
    one: "all in one write",
  },
  naiveLost: (count, seen, runsWithLoss, runs) => {
    const saw = seen.min === seen.max
      ? `${seen.min}`
      : `${seen.min} to ${seen.max}`;
    const start = `Without waiting, it saw ${saw} of ${count} responses`;
    if (runsWithLoss === 0) {
      return `${start}: in ${runs} runs of today it happened to lose none. ` +
        `Nothing in TCP promises that.`;
    }
    return `${start}, and lost some in ${runsWithLoss} of ${runs} runs. All ` +
      `of them had come: TCP had joined them, and one read brought many.`;
  },
  naiveWaiting: (lost, runs) =>
    lost === 0
      ? `When it waits for each answer, as a person at a menu does, it loses ` +
        `none in ${runs} runs: so the fault is not seen when one tries the ` +
        `program by hand.`
      : `Even when it waits for each answer it lost ${lost} in ${runs} runs.`,

  claims: {
    "all-answered": (count, rounds) =>
      `The server answers all: each of ${rounds} choices got ${count} answers ` +
      `to ${count} requests`,
    "log-agrees": (count, rounds) =>
      `The server's log has the same ${figure(count * rounds)} answers`,
    "whole-frames": (count) =>
      `The bytes on the wire are ${count} requests and ${count} responses in ` +
      `every round, none twice`,
    "fewer-segments": () =>
      "Fewer TCP segments with data than frames, in every round",
    "counters-agree": () =>
      "The capture and the kernel's counters have the same number of segments " +
      "with data",
    "fewer-reads": () => "Fewer reads than responses, in every round",
    "naive-loses": () =>
      "Who takes a read for a packet, and does not wait, loses responses",
    "waiting-hides": () =>
      "The same reader loses none when it waits for each response",
    "decoder-whole": (count) =>
      `Parley's decoder finds all ${count} responses in the very bytes in ` +
      `which the naive reader looks`,
  },
};

import type { ReportTexts } from "./texts.ts";

/** English. */
export const en: ReportTexts = {
  title: "An application protocol on TCP: lab report",
  subtitle:
    "Every function and every experiment of the lab, run on this machine " +
    "with the real programs. Each figure, screen and packet below is from this run.",
  facts: (
    { parley, deno, system, processors, wireshark, root, full },
    date,
  ) => [
    { name: "Name", value: "" },
    { name: "Student number", value: "" },
    { name: "Made on", value: date },
    {
      name: "Programs",
      value: `\`parley-server\` and \`parley-client\` ${parley}`,
    },
    { name: "Runtime", value: `Deno ${deno}` },
    { name: "Machine", value: `${system}, ${processors} processors` },
    { name: "Wireshark", value: wireshark ?? "not installed" },
    {
      name: "Run",
      value: `as ${root ? "root" : "an ordinary user"}, ` +
        (full ? "in full" : "shortened: `--full` takes the ten minutes"),
    },
  ],
  failed: (message) => ({
    why: `This experiment broke off: ${message}`,
    how: "Run it again; if it breaks off again, something is wrong with the " +
      "programs or the machine.",
  }),
  again: {
    title: "How to run it again",
    intro:
      "Everything here comes from one command. The captures in `captures/` " +
      "open in Wireshark; with `protocol/parley.lua` it shows every field " +
      "(`docs/wireshark.md`). `observations.json` has all that was measured, as data.",
    head: ["command", "what it does"],
    commands: [
      ["`deno task lab`", "all of it; what needs root says so in its place"],
      [
        '`sudo env "PATH=$PATH" deno task lab`',
        "with the cable, and with captures of the wire",
      ],
      ["`deno task lab --full`", "the ten minutes in full"],
      ["`deno task lab --lang zh`", "in Chinese"],
      ["`deno task lab --only cable,questions`", "some of it"],
    ],
  },
};

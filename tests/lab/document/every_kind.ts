import type { Block, Document } from "../../../lab/document/document.ts";

/** A drawing that says how large it is. */
export const SVG = `<svg xmlns="http://www.w3.org/2000/svg" ` +
  `viewBox="0 0 760 120"><text id="a" x="9" y="40">drawn &amp; "quoted"</text></svg>`;

/** One block of each kind. */
export const KINDS = {
  "heading": { kind: "heading", level: 2, text: "The *chapter*", id: "first" },
  "paragraph": { kind: "paragraph", text: "A **heavy** word and `code`." },
  "items": { kind: "items", items: ["first item", "second item"] },
  "table": {
    kind: "table",
    head: ["name", "figure"],
    rows: [["a row", "1,024"]],
    figures: [1],
    caption: "What a table shows",
  },
  "console": {
    kind: "console",
    where: "on the server",
    command: "ss -tan",
    output: "State\tPort\nESTAB\t2203\n",
  },
  "screens": {
    kind: "screens",
    screens: [
      { title: "Server", text: "Listening on 127.0.0.1:2203\n" },
      { title: "Client: `menu`", text: "› Connect\n  Quit\n" },
    ],
  },
  "picture": {
    kind: "picture",
    name: "states",
    svg: SVG,
    alt: "The states in words",
    caption: "The states drawn",
  },
  "findings": {
    kind: "findings",
    findings: [
      { claim: "what held", holds: true },
      { claim: "what did not", holds: false },
    ],
  },
  "not-run": { kind: "not-run", why: "only root may", how: "`sudo lab`" },
  "answer": { kind: "answer", question: "Is it so?", answer: "It is." },
} as const satisfies {
  [Kind in Block["kind"]]: Extract<Block, { kind: Kind }>;
};

/** A document around blocks. */
export function documentOf(
  blocks: readonly Block[],
  others: Partial<Document> = {},
): Document {
  return {
    language: "en",
    title: "Report",
    subtitle: "",
    facts: [],
    blocks,
    ...others,
  };
}

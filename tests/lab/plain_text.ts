import type { Block } from "../../lab/document/document.ts";

/** All that a block says, without its looks. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case "heading":
      case "paragraph":
        return [block.text];
      case "items":
        return block.items;
      case "table":
        return [
          block.head.join(" | "),
          ...block.rows.map((row) => row.join(" | ")),
          block.caption ?? "",
        ];
      case "console":
        return [`${block.where ?? ""} $ ${block.command}`, block.output];
      case "screens":
        return block.screens.flatMap(({ title, text }) => [title, text]);
      case "picture":
        return [block.alt, block.caption ?? ""];
      case "findings":
        return block.findings.map(({ claim, holds }) =>
          `${holds ? "✓" : "✗"} ${claim}`
        );
      case "not-run":
        return [block.why, block.how];
      case "answer":
        return [block.question, block.answer];
    }
  }).join("\n");
}

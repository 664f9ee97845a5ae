import type { Document } from "../document/document.ts";
import { renderHtml } from "../document/html.ts";
import { renderMarkdown } from "../document/markdown.ts";

/**
 * Writes a report into a directory: `report.html`, which is one file, and
 * `report.md` with its drawings beside it.
 *
 * @returns The paths of the two.
 */
export async function writeReport(
  document: Document,
  directory: string,
): Promise<{ html: string; markdown: string }> {
  const html = `${directory}/report.html`;
  const markdown = `${directory}/report.md`;
  const rendered = renderMarkdown(document);
  await Deno.writeTextFile(html, renderHtml(document));
  await Deno.writeTextFile(markdown, rendered.markdown);
  for (const [name, content] of rendered.files) {
    const path = `${directory}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, content);
  }
  return { html, markdown };
}

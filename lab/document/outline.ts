import type { Block, Document, Marked } from "./document.ts";

/** A block in its place. */
export interface Part {
  readonly block: Block;
  /** What links to it lead to, if any can. */
  readonly id?: string;
  /** Its number among its kind, if that is counted: "2.1" for a section. */
  readonly number?: string;
}

/** A chapter: a heading of level 2 and all that follows up to the next. */
export interface Chapter {
  readonly title: Marked;
  readonly id: string;
  readonly number: string;
  /** Its heading first. */
  readonly parts: readonly Part[];
  readonly results: Results;
}

/** How many claims were found to be so, and how much was not run. */
export interface Results {
  readonly held: number;
  /** All findings, those that held among them. */
  readonly found: number;
  readonly notRun: number;
}

/** What deserves to be told at the top, and where it stands. */
export interface Notable {
  /** What links to it lead to. */
  readonly id: string;
  /** The claim that did not hold; nothing where something was not run. */
  readonly claim?: Marked;
  /** The chapter or section in which it stands, if it does in one. */
  readonly under?: { readonly title: Marked; readonly number: string };
}

/** How a document is made up. */
export interface Outline {
  /** What stands before the first chapter. */
  readonly front: readonly Part[];
  readonly chapters: readonly Chapter[];
  readonly results: Results;
  /** Where the first findings are, if there are any. */
  readonly firstFindings?: string;
  /** Claims that did not hold, then what was not run. */
  readonly notable: readonly Notable[];
}

/**
 * What links to one finding lead to.
 *
 * @param id Its block's.
 * @param index Its place in the block, from 0.
 */
export function findingId(id: string, index: number): string {
  return `${id}-${index + 1}`;
}

/**
 * Numbers what is counted in a document, gives an id to all that is linked to,
 * and counts what was found. Chapters are 1, 2, their sections 1.1, 1.2;
 * pictures and tables are counted if they have a caption.
 *
 * @throws {RangeError} If two headings have the same id.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { chapters, results, notable } = outline({
 *   language: "en",
 *   title: "Report",
 *   subtitle: "",
 *   facts: [],
 *   blocks: [
 *     { kind: "heading", level: 2, text: "Cable", id: "cable" },
 *     { kind: "findings", findings: [{ claim: "FIN is sent", holds: false }] },
 *   ],
 * });
 * assertEquals(chapters[0]?.number, "1");
 * assertEquals(results, { held: 0, found: 1, notRun: 0 });
 * assertEquals(notable, [
 *   {
 *     id: "findings-1-1",
 *     claim: "FIN is sent",
 *     under: { title: "Cable", number: "1" },
 *   },
 * ]);
 * ```
 */
export function outline({ blocks }: Document): Outline {
  const ids = new Set<string>();
  for (const block of blocks) {
    if (block.kind !== "heading" || block.id === undefined) continue;
    if (ids.has(block.id)) {
      throw new RangeError(`Two headings have the id "${block.id}"`);
    }
    ids.add(block.id);
  }
  const counts = new Map<string, number>();
  const next = (name: string) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };
  const nextId = (name: string): string => {
    const id = `${name}-${next(name)}`;
    return ids.has(id) ? nextId(name) : id;
  };

  const front: Part[] = [];
  const chapters: Open[] = [];
  const failed: Notable[] = [];
  const notRun: Notable[] = [];
  let firstFindings: string | undefined;
  let under: Notable["under"];
  let sections = 0;
  const put = (part: Part) => (chapters.at(-1)?.parts ?? front).push(part);
  for (const block of blocks) {
    switch (block.kind) {
      case "heading": {
        const { level, text: title } = block;
        const id = block.id ?? nextId("part");
        if (level === 2) {
          const number = `${chapters.length + 1}`;
          chapters.push({ title, id, number, parts: [] });
          sections = 0;
          under = { title, number };
          put({ block, id, number });
        } else if (level === 3 && chapters.length > 0) {
          const number = `${chapters.length}.${++sections}`;
          under = { title, number };
          put({ block, id, number });
        } else {
          put({ block, id });
        }
        break;
      }
      case "findings": {
        const id = nextId("findings");
        firstFindings ??= id;
        put({ block, id });
        block.findings.forEach(({ claim, holds }, i) => {
          if (holds) return;
          failed.push({ id: findingId(id, i), claim, ...under && { under } });
        });
        break;
      }
      case "not-run": {
        const id = nextId("not-run");
        notRun.push({ id, ...under && { under } });
        put({ block, id });
        break;
      }
      case "answer":
        put({ block, number: `${next("question")}` });
        break;
      case "picture":
      case "table":
        if (block.caption === undefined) put({ block });
        else put({ block, number: `${next(block.kind)}` });
        break;
      default:
        put({ block });
    }
  }
  return {
    front,
    chapters: chapters.map((chapter) => ({
      ...chapter,
      results: resultsOf(chapter.parts),
    })),
    results: resultsOf([front, ...chapters.map(({ parts }) => parts)].flat()),
    ...firstFindings !== undefined && { firstFindings },
    notable: [...failed, ...notRun],
  };
}

/** A chapter that is still being filled. */
interface Open {
  readonly title: Marked;
  readonly id: string;
  readonly number: string;
  readonly parts: Part[];
}

function resultsOf(parts: readonly Part[]): Results {
  const findings = parts.flatMap(({ block }) =>
    block.kind === "findings" ? block.findings : []
  );
  return {
    held: findings.filter(({ holds }) => holds).length,
    found: findings.length,
    notRun: parts.filter(({ block }) => block.kind === "not-run").length,
  };
}

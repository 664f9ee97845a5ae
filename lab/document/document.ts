import type { Language } from "../language.ts";

/**
 * A text in which `` `code` `` and `**weight**` are marked as in Markdown.
 * Nothing else is markup: whatever else it holds is shown as it is.
 */
export type Marked = string;

/** A heading; 2 is a chapter's, 3 a section's. */
export interface Heading {
  readonly kind: "heading";
  readonly level: 2 | 3 | 4;
  readonly text: Marked;
  /** What links to it lead to; unique in the document. Chapters have one. */
  readonly id?: string;
}

/** Sentences that belong together. */
export interface Paragraph {
  readonly kind: "paragraph";
  readonly text: Marked;
}

/** Points of a list, or steps when they are numbered. */
export interface Items {
  readonly kind: "items";
  readonly items: readonly Marked[];
  /** @default {false} */
  readonly numbered?: boolean;
}

/** A table. */
export interface Table {
  readonly kind: "table";
  readonly head: readonly Marked[];
  readonly rows: readonly (readonly Marked[])[];
  /** The columns whose contents are figures, counted from 0. */
  readonly figures?: readonly number[];
  /** What it shows, in a line. */
  readonly caption?: Marked;
}

/** A command as it was typed, and what it printed. */
export interface Console {
  readonly kind: "console";
  /** Which machine or program it ran on, in a few words. */
  readonly where?: string;
  readonly command: string;
  readonly output: string;
}

/** What stood on a program's screen; several stand beside each other. */
export interface Screens {
  readonly kind: "screens";
  readonly screens: readonly {
    readonly title: Marked;
    readonly text: string;
  }[];
}

/** A drawing. */
export interface Picture {
  readonly kind: "picture";
  /**
   * The drawing's file name without its ending: letters, digits, `-` and `_`;
   * unique in the document.
   */
  readonly name: string;
  /** A whole SVG image. */
  readonly svg: string;
  /** The same in words, for who cannot see it. */
  readonly alt: string;
  readonly caption?: Marked;
}

/** What was claimed, and whether it was found to be so. */
export interface Findings {
  readonly kind: "findings";
  readonly findings: readonly {
    readonly claim: Marked;
    readonly holds: boolean;
  }[];
}

/** Why something could not be done here, and how it can. */
export interface NotRun {
  readonly kind: "not-run";
  readonly why: Marked;
  readonly how: Marked;
}

/** A question of the lab, and its answer in a few sentences. */
export interface Answer {
  readonly kind: "answer";
  readonly question: Marked;
  readonly answer: Marked;
}

/** A part of a document. */
export type Block =
  | Heading
  | Paragraph
  | Items
  | Table
  | Console
  | Screens
  | Picture
  | Findings
  | NotRun
  | Answer;

/** A document that can be written as HTML and as Markdown. */
export interface Document {
  readonly language: Language;
  readonly title: string;
  /** What stands below the title, in a sentence. */
  readonly subtitle: Marked;
  /** What it was made of: when, on which machine, with which versions. */
  readonly facts: readonly {
    readonly name: string;
    /** Nothing where a line is left to be filled in by hand. */
    readonly value: Marked;
  }[];
  readonly blocks: readonly Block[];
}

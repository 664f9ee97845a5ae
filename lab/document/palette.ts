/** The colours of a document. */
export interface Palette {
  /** What everything stands on. */
  readonly ground: string;
  /** What a title bar, code or a card stands on. */
  readonly tint: string;
  /** Lines between and around things. */
  readonly line: string;
  readonly text: string;
  /** Text that is there for who looks for it: captions, numbers, names. */
  readonly faint: string;
  /** Links, and what leads through the document. */
  readonly accent: string;
  /** What holds. */
  readonly good: string;
  /** What does not. */
  readonly bad: string;
  /** What was not run. */
  readonly idle: string;
}

/** The colours on paper and on a light screen, and those on a dark one. */
export const PALETTES: Readonly<Record<"light" | "dark", Palette>> = {
  light: {
    ground: "#ffffff",
    tint: "#f4f6f8",
    line: "#d3d9df",
    text: "#1f252b",
    faint: "#57616b",
    accent: "#1c5282",
    good: "#1b6b3c",
    bad: "#a8261f",
    idle: "#735300",
  },
  dark: {
    ground: "#15191d",
    tint: "#1f252b",
    line: "#3b444d",
    text: "#e2e6ea",
    faint: "#a2acb6",
    accent: "#8dbbe8",
    good: "#7fcb9a",
    bad: "#f29d95",
    idle: "#dfbb63",
  },
};

/**
 * The ground that a picture stands on: `light` for white pages and paper,
 * `auto` for pages that follow the reader's choice of light or dark.
 */
export type Theme = "light" | "auto";

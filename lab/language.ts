/** The languages that the report can be written in. */
export type Language = "en" | "zh";

/** Counts by their names, the greatest first. */
export function counts(all: Readonly<Record<string, number>>): string {
  return Object.entries(all)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${number(count)}`)
    .join(", ");
}

/** A time in milliseconds as minutes and seconds: `1:05`. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A number as people read it: `1,234`. */
export function number(value: number): string {
  return value.toLocaleString("en");
}

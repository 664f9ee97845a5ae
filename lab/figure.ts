/** A whole number for people: `12,345`. */
export function figure(number: number): string {
  return number.toLocaleString("en");
}

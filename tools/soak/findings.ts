/** So many are kept in words; of more, only how many there are. */
const KEPT = 20;

/** What was found to be wrong: the first of it in words, the rest as a number. */
export class Findings {
  /** How many there are. */
  count = 0;
  /** The first of them, each a sentence. */
  readonly first: string[] = [];

  /** Adds one. */
  add(what: string): void {
    this.count++;
    if (this.first.length < KEPT) this.first.push(what);
  }
}

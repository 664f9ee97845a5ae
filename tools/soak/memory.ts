/** A look at the server's memory. */
export interface MemorySample {
  /** When, in milliseconds since the soak began. */
  readonly atMs: number;
  /** The resident memory, in bytes. */
  readonly rssBytes: number;
}

/** How memory went once a soak was under way. */
export interface MemoryTrend {
  /** When the first half of what counts begins, in milliseconds. */
  readonly fromMs: number;
  /** The median of the first half, in bytes. */
  readonly firstBytes: number;
  /** The median of the second half, in bytes. */
  readonly secondBytes: number;
  /** The most that it rose by at once, in both halves, in bytes. */
  readonly stepBytes: number;
}

/**
 * In so many milliseconds, or a third of the soak if that is longer, V8 lets its
 * heap grow to the size that suits it, collected or not; that says nothing.
 */
const WARM_UP_MS = 40_000;
/** With fewer samples in a half a median says nothing. */
const FEWEST_SAMPLES = 8;
/** At once is from one sample to the next but one: a rise may begin between two. */
const STEP_SAMPLES = 2;

/**
 * The two halves of what comes behind the warm-up, compared; nothing if that is
 * too little.
 *
 * Medians of halves, not a line through all samples: resident memory is a saw
 * whose teeth are collections of garbage. How high a tooth is and when it comes
 * is chance, and the ends of a line hang on it; half of all samples would have
 * to be chance until a median does. What leaks lifts the second half by what
 * leaks in half of the time.
 */
export function memoryTrend(
  samples: readonly MemorySample[],
): MemoryTrend | undefined {
  const endMs = samples.at(-1)?.atMs ?? 0;
  const fromMs = Math.max(WARM_UP_MS, endMs / 3);
  const middleMs = (fromMs + endMs) / 2;
  const between = (fromMs: number, toMs: number) =>
    samples
      .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
      .map(({ rssBytes }) => rssBytes);
  const first = between(fromMs, middleMs);
  const second = between(middleMs, endMs);
  if (Math.min(first.length, second.length) < FEWEST_SAMPLES) return undefined;
  const all = [...first, ...second];
  const steps = all.slice(STEP_SAMPLES).map((bytes, i) => bytes - all[i]!);
  return {
    fromMs,
    firstBytes: median(first),
    secondBytes: median(second),
    stepBytes: Math.max(0, ...steps),
  };
}

/** A row of {@linkcode memoryTable}: a part of the time. */
export interface MemoryRow {
  /** Where it begins and ends, in milliseconds since the soak began. */
  readonly fromMs: number;
  /** See {@linkcode MemoryRow.fromMs}. */
  readonly toMs: number;
  /** The least, the median and the most resident memory in it, in bytes. */
  readonly min: number;
  /** See {@linkcode MemoryRow.min}. */
  readonly median: number;
  /** See {@linkcode MemoryRow.min}. */
  readonly max: number;
}

/** Memory over time, in so many rows at the most. */
export function memoryTable(
  samples: readonly MemorySample[],
  rows: number,
): MemoryRow[] {
  const endMs = samples.at(-1)?.atMs ?? 0;
  const table: MemoryRow[] = [];
  for (let i = 0; i < rows; i++) {
    const fromMs = endMs * i / rows;
    const toMs = endMs * (i + 1) / rows;
    const part = samples
      .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
      .map(({ rssBytes }) => rssBytes);
    if (part.length === 0) continue;
    table.push({
      fromMs,
      toMs,
      min: Math.min(...part),
      median: median(part),
      max: Math.max(...part),
    });
  }
  return table;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? (sorted[middle - 1]! + sorted[middle]!) / 2
    : sorted[Math.floor(middle)]!;
}

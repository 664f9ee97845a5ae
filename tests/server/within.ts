// As they are before a test takes time into its hands.
const { setTimeout, clearTimeout } = globalThis;

/** Waits for `promise`, and fails if that takes longer than `ms` milliseconds. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`Expected it to happen within ${ms} ms`)),
    ms,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

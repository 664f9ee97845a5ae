/**
 * A figure of all of a server's processes together.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await sumOf([1, 2], (pid) => Promise.resolve(10 * pid)), 30);
 * ```
 */
export async function sumOf(
  pids: readonly number[],
  figure: (pid: number) => Promise<number>,
): Promise<number> {
  const figures = await Promise.all(pids.map(figure));
  return figures.reduce((sum, one) => sum + one, 0);
}

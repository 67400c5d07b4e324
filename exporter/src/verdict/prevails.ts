/** How many of the newest runs the rules look at. */
export const JUDGED_RUNS = 5;

/**
 * The one rule of entering and leaving a bad state: the last two runs were bad, or at least half of the last five.
 * Half of fewer than five counts too, but never on one bad run alone.
 *
 * ```text
 * ok  B   ok  ok  B   B   B   ok  ok  ok
 *     no          no  yes yes yes yes no
 * ```
 */
export function prevails<T>(runs: readonly T[], isBad: (run: T) => boolean): boolean {
  const judged = runs.slice(-JUDGED_RUNS);
  const bad = judged.filter(isBad).length;
  const lastTwo = judged.slice(-2);
  const lastTwoBad = lastTwo.length === 2 && lastTwo.every(isBad);
  return lastTwoBad || (bad >= 2 && bad * 2 >= judged.length);
}

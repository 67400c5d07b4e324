/**
 * The known key that was probably meant: the nearest by edit distance, ignoring case, dashes and underscores.
 * Undefined when none is near: more than a third of the letters would have to change, and neither word begins
 * with the other.
 */
export function nearestKey(unknown: string, known: readonly string[]): string | undefined {
  const wanted = lettersOf(unknown);
  if (wanted.length > 64) return undefined;
  let best: { key: string; distance: number } | undefined;
  for (const key of known) {
    const letters = lettersOf(key);
    const distance = editDistance(wanted, letters);
    const isNear =
      distance <= Math.max(1, Math.floor(Math.max(wanted.length, letters.length) / 3)) ||
      isBeginning(wanted, letters);
    if (isNear && distance < (best?.distance ?? Infinity)) best = { key, distance };
  }
  return best?.key;
}

/** `config` for `config_file`, `interval_seconds` for `interval`. */
function isBeginning(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= 4 && (a.startsWith(b) || b.startsWith(a));
}

function lettersOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const costs = [
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        ...(isSwap && row > 1 && column > 1 ? [at(beforeLast, column - 2) + 1] : []),
      ];
      current.push(Math.min(...costs));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}

/** More changed letters than this share of the word, and it is a guess rather than a typing error. */
const MOST_CHANGED = 0.5;

/** The name that is most like what was typed, or `undefined` when none is. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (nearest === undefined || distance < nearest.distance) nearest = { name, distance };
  }
  if (nearest === undefined) return undefined;
  const isLike = nearest.distance <= Math.max(typed.length, nearest.name.length) * MOST_CHANGED;
  return isLike ? nearest.name : undefined;
}

/** Levenshtein distance: letters to insert, delete or replace. V. I. Levenshtein, Soviet Physics Doklady 10 (1966). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

const MAX_LENGTH = 64;

/**
 * The known name that was probably meant: the one that takes the fewest insertions, deletions and replacements of
 * letters, upper or lower. Undefined when more than a third of the letters would have to change.
 */
export function nearestName(unknown: string, known: readonly string[]): string | undefined {
  const wanted = lettersOf(unknown);
  if (wanted === '' || wanted.length > MAX_LENGTH) return undefined;
  const [best] = known
    .map((name) => ({ name, letters: lettersOf(name) }))
    .map(({ name, letters }) => ({ name, letters, distance: distance(wanted, letters) }))
    .filter((each) => isNear(wanted, each.letters, each.distance))
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** The hint that goes with an unknown name; all known names when they are few. */
export function didYouMean(unknown: string, known: readonly string[]): string | undefined {
  const nearest = nearestName(unknown, known);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
}

function isNear(wanted: string, letters: string, steps: number): boolean {
  const longest = Math.max(wanted.length, letters.length);
  const isPart =
    Math.min(wanted.length, letters.length) >= 6 && (letters.includes(wanted) || wanted.includes(letters));
  return isPart || steps <= Math.max(1, Math.floor(longest / 3));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [rowIndex, letter] of [...from].entries()) {
    const next = [rowIndex + 1];
    for (const [index, other] of [...to].entries()) {
      const replaced = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known id that a mistyped one most likely meant; undefined when none is near. */
export function nearestId(wanted: string, known: readonly string[]): string | undefined {
  const text = wanted.slice(0, 200).toLowerCase();
  let best: { readonly id: string; readonly distance: number } | undefined;
  for (const id of known) {
    const distance = idDistance(text, id.toLowerCase());
    if (best === undefined || distance < best.distance) best = { id, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, text.length / 3) ? best.id : undefined;
}

/** People leave out the owner, so the rest of the id alone counts as near. */
function idDistance(wanted: string, known: string): number {
  const bare = known.slice(known.indexOf('/') + 1);
  return Math.min(editDistance(wanted, known), editDistance(wanted, bare) + 1);
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

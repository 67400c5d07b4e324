/** A text that wants to stand at a place on a line. */
export interface Label {
  readonly key: string;
  readonly text: string;
  /** Its mark, in pixels. */
  readonly at: number;
}

/** Where a text begins, in pixels. */
interface Place {
  readonly left: number;
}

/** Width of a character of small text on average, in pixels; generous, because a covered word is worse than none. */
const CHARACTER_PX = 6.5;
const SPACE_PX = 6;

export function textWidth(text: string): number {
  return text.length * CHARACTER_PX;
}

/**
 * The labels that fit in one line between 0 and `width` without covering each other, each as near to the middle of
 * its mark as the edges allow. Earlier ones in the list win; the marks of the others stay without words.
 */
export function placeLabels<L extends Label>(labels: readonly L[], width: number): (L & Place)[] {
  const placed: (L & Place & { readonly right: number })[] = [];
  for (const label of labels) {
    const needed = textWidth(label.text);
    if (needed > width) continue;
    const left = Math.min(Math.max(0, label.at - needed / 2), width - needed);
    const right = left + needed;
    const isFree = placed.every((other) => right + SPACE_PX <= other.left || left >= other.right + SPACE_PX);
    if (isFree) placed.push({ ...label, left, right });
  }
  return placed;
}

import type { Span } from './yaml-tree.ts';

/** A colon that ends a key. */
const COLON = /:(?=$|[\s"'{[])/g;

/**
 * What must not be shown of a file that is no valid YAML, judged by its lines alone: lines without a key, and
 * whatever follows a key that is not in `shownKeys`, up to the first line that is indented no deeper and begins
 * with a shown key. Hides too much rather than too little.
 */
export function privateSpans(text: string, shownKeys: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  let hiddenFrom: number | undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const indent = line.length - line.trimStart().length;
    const isShown = beginsWithShownKey(line, shownKeys) && (hiddenFrom === undefined || indent <= hiddenFrom);
    const after = isShown ? endOfPrivateKey(line, shownKeys) : 0;
    hiddenFrom = isShown ? undefined : hiddenFrom;
    if (after !== undefined) {
      spans.push({ start: start + after, end });
      if (hasPrivateKey(line, shownKeys)) hiddenFrom ??= indent;
    }
    start = end + 1;
  }
  return spans;
}

function beginsWithShownKey(line: string, shownKeys: ReadonlySet<string>): boolean {
  const key = /^\s*(?:-\s+)?(?:\{\s*)?["']?([A-Za-z_][\w-]*)["']?\s*(?::|$)/.exec(line)?.[1];
  return key !== undefined && shownKeys.has(key);
}

function hasPrivateKey(line: string, shownKeys: ReadonlySet<string>): boolean {
  return endOfPrivateKey(line, shownKeys) !== undefined;
}

/** Where the value of the first key that is not shown begins; the key itself is hidden when it reads like prose. */
function endOfPrivateKey(line: string, shownKeys: ReadonlySet<string>): number | undefined {
  for (const { index } of line.matchAll(COLON)) {
    const before = line.slice(0, index);
    const start = /^(?:.*[,{[]|.*:\s|\s*-\s)?\s*/.exec(before)?.[0].length ?? 0;
    const key = before.slice(start).replace(/^["']|["']?\s*$/g, '');
    if (!shownKeys.has(key)) return /^[A-Za-z_][\w-]*$/.test(key) ? index + 1 : start;
  }
  return undefined;
}

import type { Span } from './yaml-source.ts';

const KEY = /["']?([A-Za-z_][\w-]*)["']?\s*:(?=$|[\s"'{[])/g;

/**
 * What must not be shown of a file that is no valid YAML, judged by its lines alone: whatever follows a key that
 * is not in `shownKeys`, up to the first line that is indented no deeper and begins a list item or a shown key.
 * Hides too much rather than too little.
 */
export function privateSpans(text: string, shownKeys: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  let hiddenFrom: number | undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const indent = line.length - line.trimStart().length;
    if (hiddenFrom !== undefined && indent <= hiddenFrom && beginsAnew(line, shownKeys))
      hiddenFrom = undefined;
    if (hiddenFrom !== undefined) {
      spans.push({ start, end });
    } else {
      const after = endOfPrivateKey(line, shownKeys);
      if (after !== undefined) {
        spans.push({ start: start + after, end });
        hiddenFrom = indent;
      }
    }
    start = end + 1;
  }
  return spans;
}

function beginsAnew(line: string, shownKeys: ReadonlySet<string>): boolean {
  const trimmed = line.trimStart();
  if (trimmed.startsWith('- ')) return true;
  const key = /^["']?([A-Za-z_][\w-]*)["']?\s*:/.exec(trimmed)?.[1];
  return key !== undefined && shownKeys.has(key);
}

/** Where the value of the first key that is not shown begins. */
function endOfPrivateKey(line: string, shownKeys: ReadonlySet<string>): number | undefined {
  for (const match of line.matchAll(KEY)) {
    if (!shownKeys.has(match[1] ?? '')) return match.index + match[0].length;
  }
  return undefined;
}

import type { Span } from './yaml-tree.ts';

/** `key: value`, with or without quotes around the key and a dash in front. */
const PAIR = /^(?:\s*-\s)*\s*["']?([A-Za-z_][\w-]*)["']?\s*:(?![\d/:])/;

/**
 * What must not be shown of a file that is no valid YAML, judged by its lines alone. Shown are parts of the form
 * `key: value` with a key from `shownKeys`, and numbers; hidden is the rest of a line behind anything else, and
 * what follows up to the first line that is indented no deeper and begins with a shown key. Hides too much
 * rather than too little.
 */
export function privateSpans(text: string, shownKeys: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  let hiddenFrom: number | undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const indent = line.length - line.trimStart().length;
    const isShown = beginsWithShownKey(line, shownKeys) && (hiddenFrom === undefined || indent <= hiddenFrom);
    const shownLength = isShown ? lengthOfShown(line, shownKeys) : 0;
    if (isShown) hiddenFrom = undefined;
    if (shownLength < line.length) {
      spans.push({ start: start + shownLength, end });
      hiddenFrom ??= indent;
    }
    start = end + 1;
  }
  return spans;
}

function beginsWithShownKey(line: string, shownKeys: ReadonlySet<string>): boolean {
  return shownKeys.has(PAIR.exec(line.replace(/^(\s*-\s)?\s*\{/, ''))?.[1] ?? '');
}

/** How much of a line may be shown, from its beginning. */
function lengthOfShown(line: string, shownKeys: ReadonlySet<string>): number {
  for (const { 0: part, index } of line.matchAll(/[^,{}[\]]+/g)) {
    const length = lengthOfShownPart(part, shownKeys);
    if (length < part.length) return index + length;
  }
  return line.length;
}

function lengthOfShownPart(part: string, shownKeys: ReadonlySet<string>): number {
  if (/^[\s\d.-]*$/.test(part)) return part.length;
  const pair = PAIR.exec(part);
  if (pair === null) return 0;
  const [written, key = ''] = pair;
  const rest = part.slice(written.length);
  if (!shownKeys.has(key) || !/:(?![\d/:])/.test(rest))
    return shownKeys.has(key) ? part.length : written.length;
  return written.length + lengthOfShownPart(rest, shownKeys);
}

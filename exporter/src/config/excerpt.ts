import type { Excerpt } from './problem.ts';
import { findKeyShapes, type Redact } from './redact.ts';
import type { Span } from './yaml-tree.ts';

const MAX_WIDTH = 100;
const MASK = '…';

export interface ExcerptOptions {
  readonly text: string;
  readonly span: Span;
  /** What must not be shown: inputs, values of unknown keys. */
  readonly hidden: readonly Span[];
  readonly redact: Redact;
  /** Show what follows as well: for wrong YAML, where the cause may stand behind the spot. */
  readonly isWhole: boolean;
}

/**
 * The line of a problem up to the end of the offending part. What follows is left out unless asked for, since
 * it explains nothing and may be private; what is hidden never shows. Undefined when the line may hold a key, and when
 * nothing of it could be shown.
 */
export function excerptOf({ text, span, hidden, redact, isWhole }: ExcerptOptions): Excerpt | undefined {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = endOfLine(text, lineStart);
  const line = text.slice(lineStart, lineEnd);
  if (redact(line) !== line || mayHoldSecret(line)) return undefined;
  const start = Math.min(span.start, lineEnd);
  const end = Math.min(Math.max(span.end, start + 1), lineEnd);
  const before = tidy(shownText(text, { start: lineStart, end: start }, hidden));
  const marked = tidy(shownText(text, { start, end }, hidden));
  const isHidden = marked.startsWith(MASK);
  const tail = isWhole
    ? tidy(shownText(text, { start: end, end: lineEnd }, hidden))
    : text.slice(end, lineEnd);
  const isCut = tail.trim() !== '' && !marked.endsWith(MASK);
  const after = isWhole ? tail : ` ${MASK}`;
  const excerpt = fitted(
    isHidden && before.endsWith(MASK) ? before.slice(0, -1) : before,
    marked,
    isCut ? after : '',
  );
  return /[^\s…-]/.test(excerpt.text) ? excerpt : undefined;
}

/** True for what looks like a key or a part of one. */
export function mayHoldSecret(text: string): boolean {
  return (
    findKeyShapes(text).length > 0 ||
    /(?=[a-f]*\d)[0-9a-f]{24,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.test(text)
  );
}

function endOfLine(text: string, lineStart: number): number {
  const newline = text.indexOf('\n', lineStart);
  const end = newline < 0 ? text.length : newline;
  return end > lineStart && text[end - 1] === '\r' ? end - 1 : end;
}

/** The text of a span with each hidden part as one mark. */
function shownText(text: string, span: Span, hidden: readonly Span[]): string {
  const parts = hidden
    .filter((part) => part.start < span.end && part.end > span.start)
    .sort((a, b) => a.start - b.start);
  let shown = '';
  let from = span.start;
  for (const part of parts) {
    if (part.end <= from) continue;
    shown += text.slice(from, Math.max(from, part.start)) + MASK;
    from = part.end;
  }
  return shown + text.slice(from, Math.max(from, span.end));
}

/** One column per character, and nothing that moves the cursor or turns the direction of writing. */
function tidy(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{FFFD}');
}

function fitted(before: string, marked: string, after: string): Excerpt {
  const head = [...before];
  const body = shortened([...marked], MAX_WIDTH);
  const room = MAX_WIDTH - Math.min(body.length, MAX_WIDTH / 2);
  const start = head.length > room ? [MASK, ...head.slice(head.length - room + 1)] : head;
  const tail = shortened([...after], Math.max(2, MAX_WIDTH - start.length - body.length));
  return {
    text: [...start, ...body, ...tail].join('').trimEnd(),
    from: start.length,
    length: Math.max(1, body.length),
  };
}

function shortened(letters: readonly string[], length: number): readonly string[] {
  return letters.length <= length ? letters : [...letters.slice(0, length - 1), MASK];
}

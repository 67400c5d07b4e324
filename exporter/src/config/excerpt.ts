import type { Excerpt } from './problem.ts';
import { findKeyShapes, type Redact } from './redact.ts';
import type { Span } from './yaml-source.ts';

const MAX_WIDTH = 100;
const MASK = '…';

export interface ExcerptOptions {
  readonly text: string;
  readonly span: Span;
  /** What must not be shown: inputs, values of unknown keys. */
  readonly hidden: readonly Span[];
  readonly redact: Redact;
}

/**
 * The line of a problem up to the end of the offending part. What follows is left out, since it explains
 * nothing and may be private; so is what is hidden before it. Undefined when the line may hold a key.
 */
export function excerptOf({ text, span, hidden, redact }: ExcerptOptions): Excerpt | undefined {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = endOfLine(text, lineStart);
  const line = text.slice(lineStart, lineEnd);
  if (redact(line) !== line || mayHoldSecret(line)) return undefined;
  const end = Math.min(Math.max(span.end, span.start + 1), lineEnd);
  const before = shownText(text, { start: lineStart, end: Math.min(span.start, lineEnd) }, hidden);
  const marked = shownText(text, { start: Math.min(span.start, lineEnd), end }, hidden);
  const rest = text.slice(end, lineEnd).trim() === '' ? '' : ` ${MASK}`;
  return fitted(tidy(before), tidy(marked), rest);
}

/** True for what looks like a key or a part of one. */
export function mayHoldSecret(text: string): boolean {
  return (
    findKeyShapes(text).length > 0 || /[0-9a-f]{24,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.test(text)
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

function fitted(before: string, marked: string, rest: string): Excerpt {
  const head = [...before];
  const body = [...marked].slice(0, MAX_WIDTH);
  const room = MAX_WIDTH - Math.min(body.length, MAX_WIDTH / 2);
  const start = head.length > room ? [MASK, ...head.slice(head.length - room + 1)] : head;
  const isCut = body.length < [...marked].length;
  return {
    text: `${start.join('')}${body.join('')}${isCut ? MASK : rest}`.trimEnd(),
    from: start.length,
    length: Math.max(1, body.length),
  };
}

import type { Pack, RecordingRule } from '../pack.ts';
import { promDuration } from '../prom-duration.ts';

const TOKENS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|[a-zA-Z_:][\w:]*|\d[\w.]*|[^]/g;

const RANGE = /^\s*\[([^\]:]+)\]/;
const OFFSET = /^\s*offset\s+(-?\d\w*)/;
const MATCHERS = /^\s*\{/;

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  ...{ s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 },
};

/** As many steps as a range over a recorded series gets at most when it is computed anew: a day in five minutes. */
const STEPS = 288;
const MIN_STEP_SECONDS = 60;

/** Every recorded series of a pack by name. */
export function recordingsIn(pack: Pack): ReadonlyMap<string, RecordingRule> {
  const rules = pack.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  return new Map(rules.flatMap((rule) => (rule.kind === 'recording' ? [[rule.record, rule] as const] : [])));
}

/**
 * `expr` with every recorded series replaced by the expression that it is recorded from, in parentheses, until
 * none is left: for a place that can query but not record. A range over a recorded series becomes a subquery, an
 * offset is taken through one. Throws for a recorded name that is unknown, or with matchers of its own, which
 * have no place in an expression.
 */
export function inlineRecordings(expr: string, recordings: ReadonlyMap<string, RecordingRule>): string {
  return inline(expr, recordings, []);
}

function inline(
  expr: string,
  recordings: ReadonlyMap<string, RecordingRule>,
  open: readonly string[],
): string {
  let text = '';
  let skipUntil = 0;
  for (const { 0: token, index } of expr.matchAll(TOKENS)) {
    if (index < skipUntil) continue;
    if (!isRecordedName(token)) {
      text += token;
      continue;
    }
    const recording = recordings.get(token);
    if (recording === undefined) throw new Error(`cannot inline ${token} in ${expr}: no rule records it`);
    if (open.includes(token)) throw new Error(`cannot inline ${token}: it is recorded from itself`);
    const whole = parenthesised(inline(recording.expr, recordings, [...open, token]));
    const behind = expr.slice(index + token.length);
    const placed = placeIn(whole, behind, token);
    text += indentLike(text, placed.text);
    skipUntil = index + token.length + placed.consumed;
  }
  return text;
}

/** Exported metrics carry no colon, recorded ones always do. */
function isRecordedName(token: string): boolean {
  return /^[a-zA-Z_][\w:]*:[\w:]*$/.test(token);
}

function placeIn(
  whole: string,
  behind: string,
  name: string,
): { readonly text: string; readonly consumed: number } {
  if (MATCHERS.test(behind)) throw new Error(`cannot inline ${name}: it is used with matchers`);
  const range = RANGE.exec(behind);
  if (range !== null) {
    const step = promDuration(Math.max(MIN_STEP_SECONDS, Math.floor(seconds(range[1]) / STEPS)));
    return { text: `${whole}[${range[1]}:${step}]`, consumed: range[0].length };
  }
  const offset = OFFSET.exec(behind);
  if (offset !== null) {
    const step = promDuration(MIN_STEP_SECONDS);
    return {
      text: `last_over_time(${whole}[${step}:${step}] offset ${offset[1]})`,
      consumed: offset[0].length,
    };
  }
  return { text: whole, consumed: 0 };
}

function parenthesised(expr: string): string {
  return expr.includes('\n') ? `(\n${indented(expr, '  ')}\n)` : `(${expr})`;
}

/** Lines behind the first start where the line that they continue starts. */
function indentLike(before: string, text: string): string {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const [first = '', ...rest] = text.split('\n');
  const indent = /^ */.exec(line)?.[0] ?? '';
  return [first, ...rest.map((each) => indent + each)].join('\n');
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => indent + line)
    .join('\n');
}

function seconds(duration = ''): number {
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdw])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0), 0);
}

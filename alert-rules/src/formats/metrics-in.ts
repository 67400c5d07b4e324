import type { RecordingRule } from '../pack.ts';
import { inlineRecordings } from './inline-recordings.ts';

const METRIC_WITH_MATCHERS = /([a-zA-Z_]\w*)\{/g;

/**
 * Names of the exported series that an expression reads, through recorded series as well. The vocabulary of the
 * rules writes every one of them with matchers.
 */
export function metricsIn(expr: string, recordings: ReadonlyMap<string, RecordingRule>): string[] {
  const whole = inlineRecordings(expr, recordings);
  const withoutTexts = whole.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return [...new Set([...withoutTexts.matchAll(METRIC_WITH_MATCHERS)].map(([, name = '']) => name))];
}

import { z } from 'zod';
import { nanoFromUsd, type NanoUsd } from '../domain/money.ts';
import { parseDuration, suggestDuration } from './duration.ts';
import type { ValueType } from './option.ts';

interface DurationRange {
  readonly min: string;
  readonly max: string;
}

/** A duration with its unit, read into whole milliseconds. */
export function duration({ min, max }: DurationRange): ValueType<number> {
  const least = parseDuration(min) ?? 0;
  const most = parseDuration(max) ?? Infinity;
  return {
    name: 'duration',
    expects: `a duration from ${min} to ${max} such as 30s, 5m or 1h30m`,
    schema: z.unknown().transform((written, context) => {
      const ms = typeof written === 'string' ? parseDuration(written) : undefined;
      if (ms !== undefined && ms >= least && ms <= most) return ms;
      context.addIssue({ code: 'custom', message: ms === undefined ? durationHint(written) : '' });
      return z.NEVER;
    }),
  };
}

function durationHint(written: unknown): string {
  const suggestion = suggestDuration(written);
  return suggestion === undefined ? '' : `write ${suggestion}`;
}

interface MoneyRange {
  readonly min: number;
  readonly max: number;
}

/** US dollars as a number, read into nano-dollars. */
export function money({ min, max }: MoneyRange): ValueType<NanoUsd> {
  return {
    name: 'USD',
    expects: `an amount in USD from ${plainNumber(min)} to ${plainNumber(max)}, as a plain number`,
    schema: z.unknown().transform((written, context) => {
      if (typeof written === 'number' && written >= min && written <= max) return nanoFromUsd(written);
      context.addIssue({ code: 'custom', message: moneyHint(written) });
      return z.NEVER;
    }),
  };
}

function moneyHint(written: unknown): string {
  if (typeof written !== 'string') return '';
  const amount = /^\s*(?:USD|\$)?\s*(\d{1,9}(?:\.\d{1,9})?)\s*(?:USD|\$|dollars?)?\s*$/i.exec(written)?.[1];
  return amount === undefined ? '' : `write ${amount} without quotes or sign`;
}

/** 0.0001 and not 1e-4. */
function plainNumber(value: number): string {
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 9 });
}

/** A whole number. */
export function count({ min, max }: MoneyRange): ValueType<number> {
  return {
    name: 'whole number',
    expects: `a whole number from ${min} to ${max}`,
    schema: z.number().int().min(min).max(max),
  };
}

/** One word of a closed list. */
export function oneOf<const W extends string>(words: readonly W[]): ValueType<W> {
  return { name: words.join(' | '), expects: `one of ${words.join(', ')}`, schema: z.enum(words) };
}

interface TextRule {
  readonly name: string;
  readonly expects: string;
  readonly pattern: { test(text: string): boolean };
  readonly isPrivate?: boolean;
  /** What to write instead of a text that the pattern refused; undefined when there is nothing to say. */
  readonly hint?: (written: string) => string | undefined;
}

/** A text of one form. */
export function text(rule: TextRule): ValueType<string> {
  return {
    name: rule.name,
    expects: rule.expects,
    ...(rule.isPrivate === undefined ? {} : { isPrivate: rule.isPrivate }),
    schema: z.unknown().transform((written, context) => {
      if (typeof written === 'string' && rule.pattern.test(written)) return written;
      context.addIssue({ code: 'custom', message: textHint(rule, written) });
      return z.NEVER;
    }),
  };
}

function textHint(rule: TextRule, written: unknown): string {
  if (typeof written === 'string') return rule.hint?.(written) ?? '';
  const isPlain = typeof written === 'number' || typeof written === 'boolean';
  return isPlain && rule.pattern.test(String(written)) ? `write it in quotes: "${written}"` : '';
}

/** A mapping that is handed on as it stands. */
export const freeMapping: ValueType<Readonly<Record<string, unknown>>> = {
  name: 'mapping',
  expects: 'a mapping of names to values',
  isMapping: true,
  isPrivate: true,
  schema: z.custom<Readonly<Record<string, unknown>>>(
    (written) => typeof written === 'object' && written !== null && !Array.isArray(written),
    { error: '' },
  ),
};

import { z } from 'zod';
import { nanoFromUsd, type NanoUsd } from '../domain/money.ts';
import { parseDuration, suggestDuration } from './duration.ts';
import { parseMoment, suggestMoment } from './moment.ts';
import type { ValueType } from './option.ts';
import { readBy } from './read-value.ts';

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
    schema: readBy((written) => {
      const ms = typeof written === 'string' ? parseDuration(written) : undefined;
      if (ms === undefined) return { ok: false, hint: durationHint(written) };
      return ms >= least && ms <= most ? { ok: true, value: ms } : { ok: false };
    }),
  };
}

function durationHint(written: unknown): string | undefined {
  const suggestion = suggestDuration(written);
  return suggestion === undefined ? undefined : `write ${suggestion}`;
}

/** A date or a date-time with its zone, read into milliseconds since the epoch. */
export const moment: ValueType<number> = {
  name: 'date',
  expects: 'a date such as 2027-01-31, or a date-time with its zone such as 2027-01-31T18:00:00Z',
  schema: readBy((written) => {
    const ms = typeof written === 'string' ? parseMoment(written) : undefined;
    if (ms !== undefined) return { ok: true, value: ms };
    const suggestion = suggestMoment(written);
    return { ok: false, hint: suggestion === undefined ? undefined : `write ${suggestion}` };
  }),
};

interface MoneyRange {
  readonly min: number;
  readonly max: number;
}

/** US dollars as a number, read into nano-dollars. */
export function money({ min, max }: MoneyRange): ValueType<NanoUsd> {
  return {
    name: 'USD',
    expects: `an amount in USD from ${plainNumber(min)} to ${plainNumber(max)}, as a plain number`,
    schema: readBy((written) => {
      const isAmount = typeof written === 'number' && written >= min && written <= max;
      return isAmount ? { ok: true, value: nanoFromUsd(written) } : { ok: false, hint: moneyHint(written) };
    }),
  };
}

function moneyHint(written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined;
  const amount = /^\s*(?:USD|\$)?\s*(\d{1,9}(?:\.\d{1,9})?)\s*(?:USD|\$|dollars?)?\s*$/i.exec(written)?.[1];
  return amount === undefined ? undefined : `write ${amount} without quotes or sign`;
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

/** Yes or no. YAML 1.2 reads `yes` and `on` as texts, which is worth a hint. */
export const flag: ValueType<boolean> = {
  name: 'true | false',
  expects: 'true or false',
  schema: readBy((written) =>
    typeof written === 'boolean' ? { ok: true, value: written } : { ok: false, hint: flagHint(written) },
  ),
};

function flagHint(written: unknown): string | undefined {
  const word = typeof written === 'string' ? written.trim().toLowerCase() : '';
  if (/^(yes|on|y|true)$/.test(word)) return 'write true';
  return /^(no|off|n|false)$/.test(word) ? 'write false' : undefined;
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
    schema: readBy((written) => {
      const isGood = typeof written === 'string' && rule.pattern.test(written);
      return isGood ? { ok: true, value: written } : { ok: false, hint: textHint(rule, written) };
    }),
  };
}

function textHint(rule: TextRule, written: unknown): string | undefined {
  if (typeof written === 'string') return rule.hint?.(written);
  const isPlain = typeof written === 'number' || typeof written === 'boolean';
  return isPlain && rule.pattern.test(String(written)) ? `write it in quotes: "${written}"` : undefined;
}

/** A mapping that is handed on as it stands. */
export const freeMapping: ValueType<Readonly<Record<string, unknown>>> = {
  name: 'mapping',
  expects: 'a mapping of names to values',
  isMapping: true,
  isPrivate: true,
  schema: z.custom<Readonly<Record<string, unknown>>>(
    (written) => typeof written === 'object' && written !== null && !Array.isArray(written),
  ),
};

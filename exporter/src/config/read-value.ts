import { z } from 'zod';
import type { ValueType } from './option.ts';

/** What became of one written value; the hint says what to write instead. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly hint?: string | undefined };

/** A zod schema from a function that reads what YAML gave. */
export function readBy<T>(read: (written: unknown) => Parsed<T>): z.ZodType<T> {
  return z.unknown().transform((written, context): T => {
    const parsed = read(written);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', params: { hint: parsed.hint } });
    return z.NEVER;
  });
}

/** Reads one value as its type says. */
export function parseValue<T>(type: ValueType<T>, written: unknown): Parsed<T> {
  const result = type.schema.safeParse(written);
  if (result.success) return { ok: true, value: result.data };
  const hints = result.error.issues.map((issue) =>
    issue.code === 'custom' ? (issue.params?.hint as string | undefined) : undefined,
  );
  return { ok: false, hint: hints.find((hint) => hint !== undefined) };
}

/** Reads a value that the schema itself gives; a bad one is a slip in the schema. */
export function parseDefault<T>(type: ValueType<T>, written: unknown): T {
  const parsed = parseValue(type, written);
  if (!parsed.ok) throw new TypeError(`bad default in the schema: expected ${type.expects}`);
  return parsed.value;
}

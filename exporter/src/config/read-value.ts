import type { ValueType } from './option.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: string; readonly hint?: string | undefined };

/** Reads one value as its type says. */
export function parseValue<T>(type: ValueType<T>, written: unknown): Parsed<T> {
  const result = type.schema.safeParse(written);
  if (result.success) return { ok: true, value: result.data };
  const hint = result.error.issues.find(({ code, message }) => code === 'custom' && message !== '')?.message;
  return { ok: false, expected: type.expects, hint };
}

/** Reads a value that the schema itself gives; a bad one is a slip in the schema. */
export function parseDefault<T>(type: ValueType<T>, written: unknown): T {
  const parsed = parseValue(type, written);
  if (!parsed.ok) throw new TypeError(`bad default in the schema: expected ${parsed.expected}`);
  return parsed.value;
}

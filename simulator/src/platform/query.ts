import { invalid } from './envelope.ts';

/** Most values that one multi-value parameter takes. Source: https://api.fal.ai/v1/openapi.json */
const MOST_VALUES = 50;

/**
 * A multi-value parameter, given by repetition, by commas or both; empty when it is absent.
 *
 * @throws PlatformRefusal for more than 50 values, or an empty one.
 */
export function manyOf(query: URLSearchParams, name: string): readonly string[] {
  const given = query.getAll(name);
  const values = given.flatMap((text) => text.split(',')).map((text) => text.trim());
  if (values.some((value) => value === '') || values.length > MOST_VALUES) {
    throw invalid(name, `1 to ${MOST_VALUES} values that are not empty`);
  }
  return [...new Set(values)];
}

/** Like `manyOf`, for a parameter that must be there. */
export function someOf(query: URLSearchParams, name: string): readonly string[] {
  const values = manyOf(query, name);
  if (values.length === 0) throw invalid(name, `1 to ${MOST_VALUES} values (the parameter is required)`);
  return values;
}

/** A parameter with a closed list of values, or `undefined` when it is absent. */
export function oneOf<T extends string>(
  query: URLSearchParams,
  name: string,
  values: readonly T[],
): T | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  const known = values.find((value) => value === given);
  if (known === undefined) throw invalid(name, `one of ${values.join(', ')}`);
  return known;
}

/** The `expand` parameter against what an operation can expand; the default holds when it is absent. */
export function expansions<T extends string>(
  query: URLSearchParams,
  known: readonly T[],
  byDefault: readonly T[] = [],
): ReadonlySet<T> {
  const given = manyOf(query, 'expand');
  if (given.length === 0) return new Set(byDefault);
  const understood = known.filter((value) => given.includes(value));
  if (understood.length !== given.length) throw invalid('expand', `values out of ${known.join(', ')}`);
  return new Set(understood);
}

/** `limit`: what was asked for, at most `most`; `byDefault` when it is absent. */
export function limitOf(
  query: URLSearchParams,
  rule: { readonly byDefault: number; readonly most: number; readonly refuseMore?: boolean },
): number {
  const given = query.get('limit');
  if (given === null) return rule.byDefault;
  const limit = /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (limit < 1) throw invalid('limit', 'an integer of at least 1');
  if (limit > rule.most && rule.refuseMore === true) throw invalid('limit', `at most ${rule.most}`);
  return Math.min(limit, rule.most);
}

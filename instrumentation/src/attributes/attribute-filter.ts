import type { DiagLogger } from '@opentelemetry/api';
import { BoundedNames, OTHER } from '../metrics/bounded-names.ts';
import { PACKAGE_NAME } from '../version.ts';
import { judgeKeys } from './label-names.ts';
import { labelValueOf } from './label-value.ts';

/** What the app says of a call, by key. */
export type FalAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What of it becomes labels: one frozen object per distinct set, so that it can be the key of a map. */
export type AcceptedAttributes = Readonly<Record<string, string>>;

export interface AttributeFilterOptions {
  /** Keys that may become labels. */
  readonly allow?: readonly string[] | undefined;
  /** Distinct values per key, 20 unless given; what comes after is `_OTHER`. */
  readonly maxValues?: number | undefined;
  readonly log?: Pick<DiagLogger, 'warn'> | undefined;
}

export interface AttributeFilter {
  /**
   * The labels for these attributes; undefined when none is left. Never throws. Frozen attributes, as
   * `withFalAttributes` makes them, are looked at once only.
   */
  accept(attributes: FalAttributes | undefined): AcceptedAttributes | undefined;
}

const MOST_VALUES = 20;

const KEYS_EXPECTED = 'label names such as "team" or "feature". Rename these keys; the others are recorded';

/**
 * Distinct sets of values. Three keys of twenty values each would be 8000 sets, and each is a family of series for
 * every endpoint. What comes after is one set in which every key is `_OTHER`.
 */
const MOST_SETS = 1000;

/** Admits the keys of the allow-list. Keys that cannot be labels are refused now, with one warning that names all. */
export function createAttributeFilter(options: AttributeFilterOptions): AttributeFilter {
  return new BoundedFilter(options);
}

class BoundedFilter implements AttributeFilter {
  readonly #allowed: readonly string[];
  readonly #maxValues: number;
  readonly #log: AttributeFilterOptions['log'];
  readonly #valuesOf = new Map<string, BoundedNames>();
  readonly #sets = new Map<string, AcceptedAttributes>();
  readonly #judged = new WeakMap<FalAttributes, AcceptedAttributes | typeof NOTHING>();
  readonly #told = new Set<string>();
  #overflow: AcceptedAttributes | undefined;

  constructor({ allow, maxValues = MOST_VALUES, log }: AttributeFilterOptions) {
    this.#log = log;
    const { allowed, problems } = judgeKeys(allow);
    const isCount = Number.isSafeInteger(maxValues) && maxValues >= 1;
    this.#maxValues = isCount ? maxValues : MOST_VALUES;
    this.#allowed = allowed;
    for (const key of allowed)
      this.#valuesOf.set(key, new BoundedNames(this.#maxValues, () => this.#tellFull(key)));
    const refused = problems.length === 0 ? [] : [`${problems.join('; ')}: expected ${KEYS_EXPECTED}`];
    if (!isCount) refused.push(`maxAttributeValues: expected 1 or more, took ${MOST_VALUES}`);
    if (refused.length > 0)
      log?.warn(`${PACKAGE_NAME}: refused in the option \`attributes\`: ${refused.join('. Also ')}.`);
  }

  accept(attributes: FalAttributes | undefined): AcceptedAttributes | undefined {
    if (typeof attributes !== 'object' || (attributes as unknown) === null) return undefined;
    const known = this.#judged.get(attributes);
    if (known !== undefined) return known === NOTHING ? undefined : known;
    const accepted = this.#judge(attributes);
    if (Object.isFrozen(attributes)) this.#judged.set(attributes, accepted ?? NOTHING);
    return accepted;
  }

  #judge(attributes: FalAttributes): AcceptedAttributes | undefined {
    try {
      this.#tellUnknown(attributes);
      const pairs = this.#allowed.flatMap((key) => {
        const value = Object.hasOwn(attributes, key) ? this.#bounded(key, attributes[key]) : undefined;
        return value === undefined ? [] : [[key, value] as const];
      });
      return pairs.length === 0 ? undefined : this.#setOf(pairs);
    } catch {
      // A getter of the app's object threw.
      return undefined;
    }
  }

  #tellUnknown(attributes: FalAttributes): void {
    for (const key of Object.keys(attributes))
      if (!this.#valuesOf.has(key))
        this.#tellOnce(
          `key ${key.slice(0, 64)}`,
          `the attribute "${key.slice(0, 64)}" is dropped: it is not in the option \`attributes\`. Add it there.`,
        );
  }

  #bounded(key: string, given: unknown): string | undefined {
    const value = labelValueOf(given);
    if (value !== undefined) return this.#valuesOf.get(key)?.admit(value);
    if (given !== undefined && given !== null && given !== '')
      this.#tellOnce(
        `type ${key}`,
        `a value of the attribute "${key}" is dropped: expected a text, a finite number or a boolean.`,
      );
    return undefined;
  }

  #tellFull(key: string): void {
    this.#tellOnce(
      `values ${key}`,
      `the attribute "${key}" has more than ${this.#maxValues} values; from now on new ones are ${OTHER}. ` +
        'Use it for what has few values, such as a team, or raise the option `maxAttributeValues`.',
    );
  }

  #setOf(pairs: readonly (readonly [string, string])[]): AcceptedAttributes {
    const key = JSON.stringify(pairs);
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    if (this.#sets.size >= MOST_SETS) {
      this.#tellOnce(
        'sets',
        `the attributes have more than ${MOST_SETS} distinct combinations; from now on new ones are ${OTHER}. ` +
          'Allow fewer keys, or fewer values of each.',
      );
      this.#overflow ??= Object.freeze(Object.fromEntries(this.#allowed.map((name) => [name, OTHER])));
      return this.#overflow;
    }
    const made = Object.freeze(Object.fromEntries(pairs));
    this.#sets.set(key, made);
    return made;
  }

  #tellOnce(what: string, text: string): void {
    // A key that is made anew for each call must not make this set grow for ever.
    if (this.#told.has(what) || this.#told.size >= MOST_SETS) return;
    this.#told.add(what);
    this.#log?.warn(`${PACKAGE_NAME}: ${text}`);
  }
}

/** Stands for undefined in a map whose misses are undefined. */
const NOTHING = Symbol('nothing is left');

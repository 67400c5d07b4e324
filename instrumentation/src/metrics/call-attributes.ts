import { CLIENT_METRICS } from './client-metrics.ts';

/** What the app says of a call (team, feature), ready to be a part of label sets. */
export interface AttributeSet {
  /** Equal for equal sets, whatever the order of their keys; empty for none. */
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The one set without attributes: compare by identity. */
export const NO_ATTRIBUTES: AttributeSet = { key: '', values: {} };

const OWN_LABELS: ReadonlySet<string> = new Set(
  CLIENT_METRICS.flatMap(({ labels }): readonly string[] => labels),
);

/**
 * Takes over the attributes of calls. Their keys and values are bounded and can be labels already: the filter of
 * the allow-list saw to it. One named like a label of ours, of whatever family, is left out all the same.
 */
export class CallAttributes {
  readonly #sets = new WeakMap<object, AttributeSet>();

  setOf(attributes: Readonly<Record<string, string>> | undefined): AttributeSet {
    if (attributes === undefined) return NO_ATTRIBUTES;
    const known = this.#sets.get(attributes);
    if (known !== undefined) return known;
    const set = newSet(attributes);
    // What is not frozen may say something else the next time.
    if (Object.isFrozen(attributes)) this.#sets.set(attributes, set);
    return set;
  }
}

function newSet(attributes: Readonly<Record<string, string>>): AttributeSet {
  const entries = Object.entries(attributes).filter(([key, value]) => value !== '' && !OWN_LABELS.has(key));
  if (entries.length === 0) return NO_ATTRIBUTES;
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { key: JSON.stringify(entries), values: Object.fromEntries(entries) };
}

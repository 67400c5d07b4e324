/** Labels that our metrics, our own rules, or Prometheus itself put on the series. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['endpoint_id', 'operation', 'outcome', 'error_type', 'fault', 'state', 'unit', 'source', 'reason'],
  ...['status', 'provider', 'direction', 'account', 'probe', 'window'],
  ...['le', 'quantile', 'job', 'instance'],
]);

/** https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Which keys of an allow-list can be labels, and what is wrong with the others, in words. */
export interface JudgedKeys {
  readonly allowed: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Judges the allow-list of an app. Two attributes that become the same label make Prometheus refuse the whole
 * scrape, so keys are compared as the translators of OpenTelemetry spell them.
 */
export function judgeKeys(allow: unknown = []): JudgedKeys {
  if (!Array.isArray(allow)) return { allowed: [], problems: ['it is no list of keys'] };
  const taken = new Map<string, string>();
  const problems: string[] = [];
  for (const key of allow as readonly unknown[]) {
    const problem = typeof key === 'string' ? problemOf(key, taken) : `a ${typeof key} is no text`;
    if (problem !== undefined) problems.push(problem);
    else if (typeof key === 'string') taken.set(spelled(key), key);
  }
  return { allowed: [...taken.values()], problems };
}

function problemOf(key: string, taken: ReadonlyMap<string, string>): string | undefined {
  const label = spelled(key);
  const shown = label === key ? `"${key}"` : `"${key}", spelled "${label}",`;
  if (RESERVED.has(label)) return `${shown} is a label of our own`;
  if (key.startsWith('__') || label.startsWith('otel_scope_')) return `${shown} belongs to the exporters`;
  if (!LABEL_NAME.test(key))
    return `"${key}" is no label name${LABEL_NAME.test(label) ? ` (write "${label}")` : ''}`;
  const twin = taken.get(label);
  return twin === undefined || twin === key ? undefined : `${shown} becomes the same label as "${twin}"`;
}

/** What a label name may not hold becomes an underscore, and several in a row become one. */
function spelled(key: string): string {
  return key.replaceAll(/[^a-zA-Z0-9]+/g, '_');
}

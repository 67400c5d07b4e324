import { sanitizeLabelName } from './naming.ts';

/** Longest label value, in characters. What is longer ends in an ellipsis. */
export const LABEL_VALUE_LIMIT = 128;

/** A label set as it stands in a scrape: rendered once when a series is bound, never again. */
export interface RenderedLabels {
  /** `a="1",b="2"`, sorted by name, without braces; empty for no labels. The identity of a series in its family. */
  readonly text: string;
  /** The same names and values, unescaped, for OTLP attributes and matchers. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Renders a label set. Names are sanitised; names that become equal are one label whose values are joined with
 * `;` in the lexicographic order of the original names (OpenTelemetry specification, "Metric Attributes" of the
 * Prometheus compatibility page), because a repeated label makes Prometheus refuse the whole scrape. Names in
 * `reserved` (a histogram's `le`) get the prefix `exported_`, as Prometheus itself does.
 */
export function renderLabels(
  labels: Readonly<Record<string, string | undefined>>,
  reserved: readonly string[] = [],
): RenderedLabels {
  const joined = new Map<string, string>();
  for (const key of Object.keys(labels).sort()) {
    const value = labels[key];
    if (value === undefined || value === '') continue;
    const clean = sanitizeLabelName(key);
    const name = reserved.includes(clean) ? `exported_${clean}` : clean;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before};${value}`);
  }
  const values: Record<string, string> = {};
  const parts: string[] = [];
  for (const name of [...joined.keys()].sort()) {
    const value = cleanValue(joined.get(name) ?? '');
    values[name] = value;
    parts.push(`${name}="${escapeLabelValue(value)}"`);
  }
  return { text: parts.join(','), values };
}

/** Backslash, newline and double quote, escaped as both text formats want it. */
export function escapeLabelValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

// A newline has an escape of its own in the formats; any other control character may end a line somewhere.
const CONTROL_CHARACTERS = /(?!\n)\p{Cc}/gu;

function cleanValue(value: string): string {
  const printable = value.toWellFormed().replace(CONTROL_CHARACTERS, '\uFFFD');
  if (printable.length <= LABEL_VALUE_LIMIT) return printable;
  const characters = Array.from(printable);
  if (characters.length <= LABEL_VALUE_LIMIT) return printable;
  return `${characters.slice(0, LABEL_VALUE_LIMIT - 1).join('')}…`;
}

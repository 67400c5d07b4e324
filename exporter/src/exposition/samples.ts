import type { FamilySnapshot } from '../metrics/family.ts';

/**
 * The sample lines of each series of a family, one string per series; empty for a gauge without a value.
 *
 * They are the same in every format. That holds for `le` too: text 0.0.4 takes any spelling of a number, and
 * OpenMetrics wants `60.0`. With one spelling a server that changes the format it asks for keeps its series,
 * where two would start a second set of buckets and break every quantile for a while.
 */
export function* sampleLines(family: FamilySnapshot): Generator<string> {
  if (family.definition.type === 'histogram') yield* histogramLines(family, family.definition.bounds);
  else yield* scalarLines(family);
}

function* scalarLines({ name, series, values }: FamilySnapshot): Generator<string> {
  let at = 0;
  for (const { labels } of series) {
    const value = values[at++] ?? NaN;
    if (Number.isNaN(value)) continue;
    yield labels.text === ''
      ? `${name} ${formatValue(value)}\n`
      : `${name}{${labels.text}} ${formatValue(value)}\n`;
  }
}

function* histogramLines(family: FamilySnapshot, bounds: readonly number[]): Generator<string> {
  const { name, series, values, width } = family;
  const tails = [...bounds.map(canonicalFloat), '+Inf'].map((le) => `le="${le}"} `);
  let at = 0;
  for (const { labels } of series) {
    const { text } = labels;
    const head = text === '' ? `${name}_bucket{` : `${name}_bucket{${text},`;
    const braced = text === '' ? ' ' : `{${text}} `;
    let lines = '';
    tails.forEach((tail, i) => {
      lines += head + tail + formatValue(values[at + i] ?? 0) + '\n';
    });
    const count = formatValue(values[at + bounds.length] ?? 0);
    const sum = formatValue(values[at + bounds.length + 1] ?? 0);
    yield `${lines}${name}_sum${braced}${sum}\n${name}_count${braced}${count}\n`;
    at += width;
  }
}

/** A number as both formats read it back exactly. */
export function formatValue(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/** The one spelling of a float that OpenMetrics allows in `le`: never without a point. */
export function canonicalFloat(value: number): string {
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A sample as a scraper would keep it. */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: readonly ParsedSample[];
}

interface OpenFamily {
  type?: string;
  help?: string;
  unit?: string;
  readonly samples: ParsedSample[];
}

type Dialect = 'text' | 'openmetrics';

/**
 * Reads a body as strictly as the two formats are written down, for tests: more strictly than any server, and
 * with no code in common with the writer. Throws an Error at the first line that breaks a rule.
 */
export function parseExposition(body: string, dialect: Dialect): Map<string, ParsedFamily> {
  if (!body.endsWith('\n')) throw new Error('the last line has no line end');
  const lines = body.slice(0, -1).split('\n');
  if (dialect === 'openmetrics' && lines.pop() !== '# EOF')
    throw new Error('the body does not end with # EOF');
  const families = new Map<string, OpenFamily>();
  const seen = new Set<string>();
  let current = '';
  for (const line of lines) {
    current = line.startsWith('#')
      ? metadataLine(line, families, current)
      : sampleLine(line, families, { current, dialect, seen });
  }
  return new Map([...families].map(([name, family]) => [name, finished(name, family, dialect)]));
}

function metadataLine(line: string, families: Map<string, OpenFamily>, current: string): string {
  const match = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/.exec(line);
  const [, keyword, name, rest] = match ?? [];
  if (keyword === undefined || name === undefined || rest === undefined)
    throw new Error(`odd comment: ${line}`);
  if (name !== current && families.has(name)) throw new Error(`family ${name} is interleaved`);
  const family = families.get(name) ?? { samples: [] };
  families.set(name, family);
  if (family.samples.length > 0) throw new Error(`metadata after samples: ${line}`);
  const field = keyword.toLowerCase() as 'help' | 'type' | 'unit';
  if (family[field] !== undefined) throw new Error(`second ${keyword} for ${name}`);
  family[field] = field === 'help' ? unescape(rest) : rest;
  return name;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s;

function sampleLine(
  line: string,
  families: Map<string, OpenFamily>,
  at: { readonly current: string; readonly dialect: Dialect; readonly seen: Set<string> },
): string {
  const [, name, inner, text] = SAMPLE.exec(line) ?? [];
  if (name === undefined || text === undefined) throw new Error(`no sample: ${line}`);
  const family = families.get(at.current);
  if (family?.type === undefined) throw new Error(`sample before its TYPE: ${line}`);
  if (!sampleNames(at.current, family.type, at.dialect).includes(name)) {
    throw new Error(`${name} is no sample of ${family.type} ${at.current}`);
  }
  const labels = parseLabels(inner ?? '');
  const identity = JSON.stringify([name, Object.entries(labels).sort()]);
  if (at.seen.has(identity)) throw new Error(`series twice: ${line}`);
  at.seen.add(identity);
  family.samples.push({ name, labels, value: parseValue(text) });
  return at.current;
}

function sampleNames(family: string, type: string, dialect: Dialect): string[] {
  if (type === 'histogram') return ['_bucket', '_sum', '_count'].map((suffix) => family + suffix);
  if (type === 'counter' && dialect === 'openmetrics') return [`${family}_total`];
  return [family];
}

function parseLabels(inner: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;
  let end = 0;
  while (end < inner.length) {
    label.lastIndex = end;
    const [whole, name, value, comma] = label.exec(inner) ?? [];
    if (whole === undefined || name === undefined || value === undefined)
      throw new Error(`odd labels: {${inner}}`);
    if (name.startsWith('__') || Object.hasOwn(labels, name))
      throw new Error(`label ${name} reserved or twice`);
    labels[name] = unescape(value);
    end += whole.length;
    if (comma === ',' && end === inner.length) throw new Error(`trailing comma: {${inner}}`);
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (!/^-?\d+(\.\d+)?(e[+-]\d+)?$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function finished(name: string, family: OpenFamily, dialect: Dialect): ParsedFamily {
  const { type, help, unit, samples } = family;
  if (type === undefined || help === undefined) throw new Error(`${name} lacks TYPE or HELP`);
  if (unit !== undefined && (dialect === 'text' || !name.endsWith(`_${unit}`))) {
    throw new Error(`unit ${unit} does not belong to ${name}`);
  }
  if (samples.length === 0) throw new Error(`${name} has no samples`);
  if (type === 'histogram') checkHistograms(name, samples);
  return { type, help, unit, samples };
}

/** Buckets ascend and are cumulative, the last is `+Inf`, and it equals `_count`. */
function checkHistograms(name: string, samples: readonly ParsedSample[]): void {
  const bySeries = Map.groupBy(samples, ({ labels: { le: _, ...rest } }) => JSON.stringify(rest));
  for (const [labels, lines] of bySeries) {
    const buckets = lines.filter((line) => line.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le = '' } }) => parseBound(le));
    const count = lines.find((line) => line.name === `${name}_count`)?.value;
    const isAscending = bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? NaN));
    const isCumulative = buckets.every(({ value }, i) => i === 0 || value >= (buckets[i - 1]?.value ?? NaN));
    const isClosed = bounds.at(-1) === Infinity && buckets.at(-1)?.value === count;
    const hasSum = lines.some((line) => line.name === `${name}_sum`);
    if (!isAscending || !isCumulative || !isClosed || !hasSum)
      throw new Error(`broken histogram ${name}${labels}`);
  }
}

function parseBound(le: string): number {
  if (le === '+Inf') return Infinity;
  if (!/^\d+\.\d+$/.test(le)) throw new Error(`le is not canonical: ${le}`);
  return Number(le);
}

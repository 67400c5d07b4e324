/** The text is not what the format allows. The message holds no word of it. */
export class ExpositionTextError extends RangeError {
  override readonly name = 'ExpositionTextError';

  constructor(lineNumber: number, found: string) {
    super(`line ${lineNumber} is no exposition text 0.0.4: ${found}`);
  }
}

export interface TextSample {
  /** Unescaped; an empty value is left out, which means the same. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** What the text says under one sample name. */
export interface TextMetric {
  readonly help?: string | undefined;
  readonly type?: string | undefined;
  readonly samples: readonly TextSample[];
}

interface OpenMetric {
  help?: string;
  type?: string;
  readonly samples: TextSample[];
  /** Label sets seen. */
  readonly seen: Set<string>;
}

/** Far longer than any line needs; keeps every step below short. */
const LONGEST_LINE = 16_384;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE_HEAD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\["\\n][^"\\]*)*)"[ \t]*(,|(?=\}))/y;
const CLOSING_BRACE = /[ \t]*\}/y;
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const TIMESTAMP = /^-?\d{1,19}$/;
/** All but the tab, which separates tokens. What some reader takes for a line end would smuggle a line past us. */
const CONTROL_CHARACTER = /(?!\t)[\p{Cc}\u2028\u2029]/u;

export interface ExpositionTextOptions {
  /** Which metrics to keep, by name. The lines of the others are checked one by one and left behind. */
  readonly keeps: (name: string) => boolean;
  readonly mostSamples: number;
}

/**
 * Reads exposition text 0.0.4 line by line, as strictly as it is written down: one line that breaks a rule and the
 * whole text counts for nothing. Timestamps are checked and dropped.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export class ExpositionText {
  readonly #options: ExpositionTextOptions;
  readonly #metrics = new Map<string, OpenMetric>();
  #line = 0;
  #samples = 0;

  constructor(options: ExpositionTextOptions) {
    this.#options = options;
  }

  /** Every name that the text has a sample, a help or a type for, as far as it is kept. */
  get metrics(): ReadonlyMap<string, TextMetric> {
    return this.#metrics;
  }

  /**
   * Takes the next line, without its line end.
   *
   * @throws ExpositionTextError, and RangeError when there are more samples than are kept.
   */
  read(line: string): void {
    this.#line += 1;
    if (line.length > LONGEST_LINE) throw this.#error(`it is longer than ${LONGEST_LINE} characters`);
    if (CONTROL_CHARACTER.test(line)) throw this.#error('it holds a control character');
    const text = withoutBlanks(line);
    if (text === '') return;
    if (text.startsWith('#')) this.#comment(text.slice(1));
    else this.#sample(text);
  }

  #comment(text: string): void {
    const [, keyword, name, rest = ''] = /^[ \t]*(HELP|TYPE)[ \t]+([^ \t]+)(?:[ \t]+(.*))?$/.exec(text) ?? [];
    if (keyword === undefined || name === undefined) {
      if (/^[ \t]*(HELP|TYPE)[ \t]*$/.test(text)) throw this.#error('HELP or TYPE of nothing');
      return;
    }
    if (!METRIC_NAME.test(name)) throw this.#error('it names no metric');
    const metric = this.#options.keeps(name) ? this.#metric(name) : newMetric();
    if (keyword === 'HELP') this.#help(metric, rest);
    else this.#type(metric, rest);
  }

  #help(metric: OpenMetric, text: string): void {
    if (metric.help !== undefined) throw this.#error('a second HELP of the same metric');
    if (!/^[^\\]*(?:\\[\\n][^\\]*)*$/.test(text)) throw this.#error('an unknown escape in HELP');
    metric.help = unescape(text);
  }

  #type(metric: OpenMetric, type: string): void {
    if (metric.type !== undefined) throw this.#error('a second TYPE of the same metric');
    if (metric.samples.length > 0) throw this.#error('TYPE after the first sample');
    if (!TYPES.has(type)) throw this.#error('an unknown type');
    metric.type = type;
  }

  #sample(text: string): void {
    SAMPLE_HEAD.lastIndex = 0;
    const [name] = SAMPLE_HEAD.exec(text) ?? [];
    if (name === undefined) throw this.#error('expected a metric name');
    const brace = /^[ \t]*\{/.exec(text.slice(name.length))?.[0];
    const [labels, end] =
      brace === undefined ? [[], name.length] : this.#labels(text, name.length + brace.length);
    const rest = text.slice(end);
    if (brace === undefined && !/^[ \t]/.test(rest))
      throw this.#error('expected a blank after the metric name');
    const value = this.#value(withoutBlanks(rest).split(/[ \t]+/));
    if (this.#options.keeps(name)) this.#keep(this.#metric(name), { labels, value });
  }

  #keep(metric: OpenMetric, sample: TextSample): void {
    const identity = JSON.stringify([...sample.labels].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (metric.seen.has(identity)) throw this.#error('the same series for the second time');
    this.#samples += 1;
    const { mostSamples } = this.#options;
    if (this.#samples > mostSamples) throw new RangeError(`more than ${mostSamples} samples`);
    metric.seen.add(identity);
    metric.samples.push(sample);
  }

  /** The labels from `start` on, and where the text goes on after the closing brace. */
  #labels(text: string, start: number): [labels: [string, string][], end: number] {
    const labels = new Map<string, string>();
    let end = start;
    for (;;) {
      CLOSING_BRACE.lastIndex = end;
      if (CLOSING_BRACE.test(text)) break;
      LABEL.lastIndex = end;
      const [whole, name, value] = LABEL.exec(text) ?? [];
      if (whole === undefined || name === undefined || value === undefined) throw this.#error('odd labels');
      if (name.startsWith('__')) throw this.#error('a label name that is reserved');
      if (labels.has(name)) throw this.#error('a label twice');
      labels.set(name, unescape(value));
      end += whole.length;
    }
    return [[...labels].filter(([, value]) => value !== ''), CLOSING_BRACE.lastIndex];
  }

  #value([text = '', timestamp, ...more]: readonly string[]): number {
    if (more.length > 0 || (timestamp !== undefined && !TIMESTAMP.test(timestamp)))
      throw this.#error('expected a value and no more than a timestamp after it');
    const value = numberOf(text);
    if (value === undefined) throw this.#error('expected a number');
    return value;
  }

  #metric(name: string): OpenMetric {
    const known = this.#metrics.get(name) ?? newMetric();
    this.#metrics.set(name, known);
    return known;
  }

  #error(found: string): ExpositionTextError {
    return new ExpositionTextError(this.#line, found);
  }
}

function newMetric(): OpenMetric {
  return { samples: [], seen: new Set() };
}

/** Without those around it; a pattern for the end would look at each blank of a long run again and again. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === ' ' || text[at] === '\t';
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

function numberOf(text: string): number | undefined {
  // What is too large for a double is no number to a scraper either.
  if (NUMBER.test(text)) return Number.isFinite(Number(text)) ? Number(text) : undefined;
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word === null) return undefined;
  if (word[2]?.toLowerCase() === 'nan') return NaN;
  return word[1] === '-' ? -Infinity : Infinity;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

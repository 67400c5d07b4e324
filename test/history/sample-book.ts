/** Labels that a scrape adds to every series, as Prometheus does. */
export interface Target {
  readonly job: string;
  readonly instance: string;
  /** Of the target's own file, such as `account`. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One series with the samples since the last `take`, in order of time. */
export interface SampledSeries {
  /** `__name__` among them, sorted by name. */
  readonly labels: readonly (readonly [name: string, value: string])[];
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  /** `undefined` is a staleness marker: the series was there at the scrape before, and is not any more. */
  readonly values: readonly (number | undefined)[];
}

interface Series {
  /** The text of its sample line up to the value, which is the same at each scrape. */
  readonly line: string;
  readonly labels: SampledSeries['labels'];
  times: number[];
  values: (number | undefined)[];
  /** Number of the scrape that showed it last. */
  seenAt: number;
}

/**
 * Everything that one target has answered, as Prometheus would have stored it: scrape labels are added, and what is
 * gone from one scrape to the next gets a staleness marker.
 */
export class SampleBook {
  readonly #target: Target;
  readonly #byLine = new Map<string, Series>();
  #present: Series[] = [];
  #scrapes = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Takes the answer to one scrape, in any of Prometheus's text formats, with samples that carry no time. */
  scrape(at: number, exposition: string, durationSeconds: number): void {
    this.#scrapes += 1;
    const present: Series[] = [];
    const note = (series: Series, value: number): void => {
      series.seenAt = this.#scrapes;
      push(series, at, value);
      present.push(series);
    };
    let from = 0;
    for (const end of endsOfLines(exposition)) {
      const start = from;
      from = end + 1;
      // Comments, and the `# EOF` of OpenMetrics.
      if (end === start || exposition.charCodeAt(start) === HASH) continue;
      const space = exposition.lastIndexOf(' ', end);
      const series = this.#seriesAt(exposition, { from: start, to: space, index: present.length });
      note(series, numberOf(exposition.slice(space + 1, end)));
    }
    const samples = present.length;
    note(this.#seriesOf('up'), 1);
    note(this.#seriesOf('scrape_duration_seconds'), durationSeconds);
    note(this.#seriesOf('scrape_samples_scraped'), samples);
    for (const gone of this.#present) if (gone.seenAt !== this.#scrapes) push(gone, at, undefined);
    this.#present = present;
  }

  /** What was noted since the last call. */
  take(): SampledSeries[] {
    const taken: SampledSeries[] = [];
    for (const series of this.#byLine.values()) {
      if (series.times.length === 0) continue;
      taken.push({ labels: series.labels, times: series.times, values: series.values });
      series.times = [];
      series.values = [];
    }
    return taken;
  }

  /** Most scrapes have the lines of the one before in the same places: a look there spares the hash of a long text. */
  #seriesAt(
    exposition: string,
    at: { readonly from: number; readonly to: number; readonly index: number },
  ): Series {
    const guess = this.#present[at.index];
    if (guess?.line.length === at.to - at.from && exposition.startsWith(guess.line, at.from)) return guess;
    return this.#seriesOf(exposition.slice(at.from, at.to));
  }

  #seriesOf(line: string): Series {
    let series = this.#byLine.get(line);
    if (series === undefined) {
      series = { line, labels: this.#labelsOf(line), times: [], values: [], seenAt: 0 };
      this.#byLine.set(line, series);
    }
    return series;
  }

  #labelsOf(line: string): SampledSeries['labels'] {
    const brace = line.indexOf('{');
    const labels = new Map([['__name__', brace === -1 ? line : line.slice(0, brace)]]);
    const own = { job: this.#target.job, instance: this.#target.instance, ...this.#target.labels };
    for (const [name, value] of Object.entries(own)) labels.set(name, value);
    const inside = brace === -1 ? '' : line.slice(brace + 1, -1);
    for (const [, name = '', value = ''] of inside.matchAll(LABEL)) {
      if (value !== '') labels.set(name in own ? `exported_${name}` : name, unescaped(value));
    }
    return [...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

const HASH = '#'.charCodeAt(0);
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

function* endsOfLines(text: string): Generator<number> {
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) yield end;
  if (!text.endsWith('\n')) yield text.length;
}

function push(series: Series, at: number, value: number | undefined): void {
  series.times.push(at);
  series.values.push(value);
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

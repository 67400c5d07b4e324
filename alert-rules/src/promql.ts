import { promDuration } from './prom-duration.ts';

/** Which jobs of the user's Prometheus hold what, as regular expressions of label `job`. */
export interface Jobs {
  readonly exporter: string;
  /** A drill stands beside the exporter under a job of its own, so that its series never meet real ones. */
  readonly drill: string;
  readonly app: string;
  readonly alertmanager: string;
  readonly prometheus: string;
}

export interface PromQlOptions {
  readonly jobs: Jobs;
  /** Every duration is divided by it; 1 but in tests, which cannot wait for an hour. */
  readonly timeScale: number;
}

/**
 * Labels that tell processes apart and nothing else. They are summed away by name, and not kept by name, so that
 * labels of the user's own (team, environment) survive into alerts.
 */
export const PROCESS_LABELS = [
  'instance',
  'pod',
  'container',
  'node',
  'endpoint',
  'service_instance_id',
  'otel_scope_name',
  'otel_scope_version',
  'otel_scope_schema_url',
] as const;

/** The vocabulary of the rules: selectors that always carry a job, and durations that tests can shorten. */
export class PromQl {
  readonly #jobs: Jobs;
  readonly #timeScale: number;

  constructor({ jobs, timeScale }: PromQlOptions) {
    this.#jobs = jobs;
    this.#timeScale = timeScale;
  }

  /** A duration as PromQL writes it. */
  duration(seconds: number): string {
    return promDuration(seconds / this.#timeScale);
  }

  /** A span as a number of seconds, to compare ages with. */
  seconds(seconds: number): number {
    return seconds / this.#timeScale;
  }

  /** A family of the exporter, real or of a drill. */
  exporter(metric: string, ...matchers: readonly string[]): string {
    return selector(metric, [jobIs(`${this.#jobs.exporter}|${this.#jobs.drill}`), ...matchers]);
  }

  /** What Prometheus itself knows of the exporter as a target; a drill that ended must not count as down. */
  exporterTarget(metric: string, ...matchers: readonly string[]): string {
    return selector(metric, [jobIs(this.#jobs.exporter), ...matchers]);
  }

  /** A family of the instrumented app, real or of a drill. */
  app(metric: string, ...matchers: readonly string[]): string {
    const { app, drill } = this.#jobs;
    const jobs = new RegExp(`^(?:${app})$`).test(drill) ? app : `${app}|${drill}`;
    return selector(metric, [jobIs(jobs), ...matchers]);
  }

  /** … of which a drill is no part: it ends, and is not missed. */
  realApp(metric: string, ...matchers: readonly string[]): string {
    const { app, drill } = this.#jobs;
    return selector(metric, [jobIs(app), jobIsNot(drill), ...matchers]);
  }

  alertmanager(metric: string, ...matchers: readonly string[]): string {
    return selector(metric, [jobIs(this.#jobs.alertmanager), ...matchers]);
  }

  prometheus(metric: string, ...matchers: readonly string[]): string {
    return selector(metric, [jobIs(this.#jobs.prometheus), ...matchers]);
  }

  /** The newest value of a gauge, now or so long ago; one failed scrape must not reset the `for` of an alert. */
  latest(gauge: string, { secondsAgo }: { readonly secondsAgo?: number } = {}): string {
    const offset = secondsAgo === undefined ? '' : ` offset ${this.duration(secondsAgo)}`;
    return `last_over_time(${gauge}[${this.duration(300)}]${offset})`;
  }
}

/** A plain name needs no regular expression: faster, and easier to read at night. */
function jobIs(jobs: string): string {
  return isPlain(jobs) ? `job="${jobs}"` : `job=~"${jobs}"`;
}

function jobIsNot(jobs: string): string {
  return isPlain(jobs) ? `job!="${jobs}"` : `job!~"${jobs}"`;
}

function isPlain(jobs: string): boolean {
  return /^[\w :/-]+$/.test(jobs);
}

function selector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.join(', ')}}`;
}

/** `sum without (instance, …, outcome) (…)`. */
export function sumWithout(labels: readonly string[], expr: string): string {
  return `sum without (${[...PROCESS_LABELS, ...labels].join(', ')}) (${expr})`;
}

/** `max without (instance, …) (…)`. */
export function maxWithout(labels: readonly string[], expr: string): string {
  return `max without (${[...PROCESS_LABELS, ...labels].join(', ')}) (${expr})`;
}

/** `min without (instance, …) (…)`. */
export function minWithout(labels: readonly string[], expr: string): string {
  return `min without (${[...PROCESS_LABELS, ...labels].join(', ')}) (${expr})`;
}

import { isAbsolute, join } from 'node:path';
import { isMap, isSeq, parseDocument, type Document } from 'yaml';

/** The file that docker-compose.yml mounts and that the tests run, relative to the repository's root. */
export const SHIPPED_CONFIG = 'prometheus/prometheus.yml';

export interface Substitutions {
  /** `host:port` lists per job. Every job with targets of its own must be named, and no other. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Where alerts go, and what the job `alertmanager` scrapes; to nobody when absent. */
  readonly alertmanagers?: readonly string[] | undefined;
  /** Prometheus durations ("1s"); as shipped when absent. The scrape interval also bounds the time-out. */
  readonly scrapeInterval?: string;
  readonly evaluationInterval?: string;
  /** Where relative `rule_files` are looked for, because the substituted copy lives elsewhere. */
  readonly rulesBase: string;
  /** Other rules instead: absolute patterns. */
  readonly ruleFiles?: readonly string[] | undefined;
}

const ALERTMANAGER_JOB = 'alertmanager';

/**
 * The shipped configuration with other targets and intervals, and nothing else changed: job names, labels,
 * relabelling, limits and comments stay. A job without targets here, or targets for a job that the file does
 * not have, is an error: a test that scrapes nothing proves nothing.
 */
export function substitutedConfig(shipped: string, substitutions: Substitutions): string {
  const { alertmanagers = [], scrapeInterval, evaluationInterval } = substitutions;
  const targets: Substitutions['targets'] = { [ALERTMANAGER_JOB]: alertmanagers, ...substitutions.targets };
  const document = parseDocument(shipped);
  if (document.errors.length > 0) throw document.errors[0] ?? new Error('not YAML');
  const unused = new Set(Object.keys(substitutions.targets));
  for (const job of jobsOf(document)) {
    unused.delete(job.name);
    // A job that reads its targets from files looks for them beside the copy.
    const readsFiles = document.hasIn(['scrape_configs', job.index, 'file_sd_configs']);
    if (!readsFiles || targets[job.name] !== undefined) substituteTargets(document, job, targets[job.name]);
    if (scrapeInterval !== undefined) removeOwnInterval(document, job);
  }
  if (unused.size > 0) throw new Error(`the Prometheus configuration has no job ${[...unused].join(', ')}`);
  if (scrapeInterval !== undefined) {
    document.setIn(['global', 'scrape_interval'], scrapeInterval);
    document.setIn(['global', 'scrape_timeout'], scrapeInterval);
  }
  if (evaluationInterval !== undefined) document.setIn(['global', 'evaluation_interval'], evaluationInterval);
  substituteRuleFiles(document, substitutions);
  substituteAlertmanagers(document, alertmanagers);
  return document.toString();
}

interface Job {
  readonly name: string;
  readonly index: number;
}

function jobsOf(document: Document): Job[] {
  const jobs = document.get('scrape_configs');
  if (!isSeq(jobs)) throw new Error('the Prometheus configuration has no scrape_configs');
  return jobs.items.map((job, index) => {
    const name: unknown = isMap(job) ? job.get('job_name') : undefined;
    if (typeof name !== 'string') throw new Error(`scrape_configs[${index}] has no job_name`);
    return { name, index };
  });
}

function substituteTargets(
  document: Document,
  { name, index }: Job,
  targets: readonly string[] | undefined,
): void {
  if (targets === undefined)
    throw new Error(`no targets given for the job ${name} of the Prometheus configuration`);
  const path = ['scrape_configs', index, 'static_configs'];
  const configs = document.getIn(path);
  if (!isSeq(configs) || configs.items.length !== 1) {
    throw new Error(
      `the job ${name} needs exactly one entry of static_configs, whose targets the tests replace`,
    );
  }
  document.setIn([...path, 0, 'targets'], [...targets]);
}

function removeOwnInterval(document: Document, { index }: Job): void {
  document.deleteIn(['scrape_configs', index, 'scrape_interval']);
  document.deleteIn(['scrape_configs', index, 'scrape_timeout']);
}

function substituteRuleFiles(document: Document, { rulesBase, ruleFiles }: Substitutions): void {
  const patterns = document.get('rule_files');
  if (!isSeq(patterns)) return;
  const listed = patterns.toJSON() as string[];
  document.set(
    'rule_files',
    ruleFiles ?? listed.map((pattern) => (isAbsolute(pattern) ? pattern : join(rulesBase, pattern))),
  );
}

function substituteAlertmanagers(document: Document, alertmanagers: readonly string[]): void {
  const path = ['alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'];
  if (document.hasIn(path)) document.setIn(path, [...alertmanagers]);
}

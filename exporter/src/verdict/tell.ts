import type { Fault } from 'opentelemetry-instrumentation-fal/core';
import { errorTypeWords, plural, withoutOwner } from '../domain/words.ts';
import type { RunWitness, StatusPageState } from './input.ts';
import { type Subject, failuresOf } from './subject.ts';

/** Sentences of evidence, for people. */

const MOST_NAMES = 3;

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  app: '',
  account: '',
  model: ' (the model’s own error)',
  platform: ' (an error of fal’s platform)',
  network: ' (the connection broke)',
  unknown: ' (whose fault cannot be told from the error alone)',
};

/** `flux/dev, kling and 3 more`. */
export function namesOf(ids: readonly string[]): string {
  const names = ids.map(withoutOwner);
  const rest = names.length - MOST_NAMES;
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ');
}

/** `8 of the last 10 runs failed, all with runner disconnected (…).` */
export function tellFailures(failing: readonly Subject[]): string {
  const runs = failing.reduce((sum, { judged }) => sum + judged.length, 0);
  const failures = failing.flatMap(failuresOf);
  return `${failures.length} of the last ${plural(runs, 'run')} failed${mostFrequent(failures)}.${againWords(failing)}`;
}

function mostFrequent(failures: readonly RunWitness[]): string {
  const counts = new Map<string, RunWitness[]>();
  for (const run of failures.toReversed()) {
    if (run.errorType === undefined) continue;
    counts.set(run.errorType, [...(counts.get(run.errorType) ?? []), run]);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b.length - a.length);
  if (most === undefined) return '';
  const [type, runs] = most;
  const share = runs.length === failures.length ? (failures.length === 1 ? '' : 'all ') : `${runs.length} `;
  return `, ${share}with ${errorTypeWords(type)}${FAULT_WORDS[runs[0]?.fault ?? 'unknown']}`;
}

function againWords(failing: readonly Subject[]): string {
  const isAgain = failing.every(({ judged }) => judged.slice(-2).every((run) => run.kind === 'ok'));
  return isAgain ? ' The newest runs succeed again.' : '';
}

/** What fal itself says, or nothing when it says nothing. */
export function tellIncidents(page: StatusPageState | undefined): string[] {
  const [first] = page?.incidents ?? [];
  if (page === undefined || first === undefined) return [];
  const more = page.incidents.length === 1 ? '' : ` and ${page.incidents.length - 1} more`;
  return [`${page.host} reports an open incident: “${first}”${more}.`];
}

/** … and when it says nothing while something is wrong, that as well: the page lags behind. */
export function tellOfficially(page: StatusPageState | undefined): string[] {
  if (page === undefined || page.isUnreadable || page.answeredAt === undefined) return [];
  return page.incidents.length > 0 ? tellIncidents(page) : [`${page.host} does not tell of it yet.`];
}

import type { ErrorType } from 'opentelemetry-instrumentation-fal/core';
import type { Verdict } from '../verdict/verdict.ts';
import { judgedRuns } from './condition.ts';
import type { EndpointView, ProbeView, RunView, StatusView, WindowStats } from './view.ts';
import { LOCK_WORDS, SKIP_WORDS, clockTime, errorTypeWords, plural, roughly, span } from './words.ts';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';

/** What exactly is the matter. One table below gives the status from it. */
export type HealthKind =
  | 'well'
  | 'failing'
  | 'shaky'
  | 'slow'
  | 'stale'
  | 'locked'
  | 'key_rejected'
  | 'forbidden'
  | 'limited'
  | 'input_refused'
  | 'no_data';

/** How well one endpoint, or the way to fal (a free probe), does. Whose fault it is says the verdict alone. */
export interface Health {
  readonly kind: HealthKind;
  readonly status: HealthStatus;
  /** One sentence in plain words, without a full stop. */
  readonly reason: string;
  /** Ms since the epoch: when it became so, if that was seen. */
  readonly since?: number | undefined;
  /** The most frequent error among the last failures. */
  readonly errorType?: ErrorType | undefined;
  /** True when the newest runs succeed again. */
  readonly isRecovering?: boolean | undefined;
}

/**
 * A locked account is unhealthy: every billable call through it is refused, whatever state the model is in. A
 * rejected key or refused input tells nothing about the model, so it is unknown; both name whose fault it is.
 */
const STATUS_OF: Readonly<Record<HealthKind, HealthStatus>> = {
  well: 'healthy',
  failing: 'unhealthy',
  locked: 'unhealthy',
  shaky: 'degraded',
  slow: 'degraded',
  stale: 'degraded',
  limited: 'degraded',
  key_rejected: 'unknown',
  forbidden: 'unknown',
  input_refused: 'unknown',
  no_data: 'unknown',
};

/** Fewer runs than this in five minutes, and the hour is judged instead. */
const ENOUGH_RUNS = 5;

type Judgement = Omit<Health, 'status'>;

/**
 * Judges one endpoint. The first rule that holds decides:
 *
 * 1. locked, key rejected: the account's own state, as the verdict has it
 * 2. no data: nothing ran yet, and why
 * 3. stale (degraded): the data of every probe is older than 3 × interval + timeout
 * 4. failing (unhealthy): the last 2 runs failed, or at least half of the last 5
 * 5. the newest run was refused for the account or for the probe's input
 * 6. shaky (degraded): a failure among the last 5
 * 7. stale (degraded): the data of one of several probes is old
 * 8. slow (degraded): P95 above the endpoint's limit, over 5 minutes or, when those hold under 5 runs, an hour
 * 9. well
 */
export function healthOfEndpoint(endpoint: EndpointView, view: StatusView, verdict: Verdict): Health {
  const probes = view.probes.filter((probe) => probe.endpointId === endpoint.id);
  const { runs, condition } = endpoint;
  const judgement = accountJudgement(view, verdict) ??
    failureJudgement({ runs, condition, probes, at: view.at }) ??
    slowJudgement(endpoint) ?? { kind: 'well', ...wellWords(runs), since: condition?.since };
  return { status: STATUS_OF[judgement.kind], ...judgement };
}

/** Judges the way to fal by one free probe, with the same rules except the account's own and the latency. */
export function healthOfProbe(probe: ProbeView, view: StatusView): Health {
  const { runs, condition } = probe;
  const judgement = failureJudgement({ runs, condition, probes: [probe], at: view.at }) ?? {
    kind: 'well' as const,
    ...wellWords(runs),
    since: condition?.since,
  };
  return { status: STATUS_OF[judgement.kind], ...judgement };
}

/** What concerns the account as a whole follows the verdict: a single rejection does not make it. */
function accountJudgement({ account }: StatusView, { cause, since }: Verdict): Judgement | undefined {
  if (cause === 'locked' && account.lock?.locked === true) {
    return {
      kind: 'locked',
      reason: `your account is locked (${LOCK_WORDS[account.lock.reason ?? 'unknown']}), so fal refuses every billable call; nothing is known against the model`,
      since,
    };
  }
  if (cause === 'key_rejected' && account.keyRejectedSince !== undefined) {
    return {
      kind: 'key_rejected',
      reason: 'fal rejects your key, so the model cannot be asked; nothing is known against it',
      since,
    };
  }
  return undefined;
}

interface Evidence {
  readonly runs: readonly RunView[];
  readonly condition: EndpointView['condition'];
  readonly probes: readonly ProbeView[];
  readonly at: number;
}

function failureJudgement(evidence: Evidence): Judgement | undefined {
  const judged = judgedRuns(evidence.runs);
  const newest = judged.at(-1);
  if (newest === undefined) return { kind: 'no_data', reason: whyNoData(evidence) };
  const failures = judged.filter((run) => run.verdict === 'failure');
  const { condition, probes } = evidence;
  if (probes.every(({ isStale }) => isStale)) return stale(evidence);
  if (condition?.state === 'failing') return failing(judged, failures, condition.since);
  if (newest.verdict === 'account' || newest.verdict === 'app') return refused(newest, evidence.runs);
  if (failures.length > 0) return shaky(judged, failures, condition?.since);
  return stale(evidence);
}

function failing(judged: readonly RunView[], failures: readonly RunView[], since: number): Judgement {
  const good = goodRow(judged);
  const again = good === 0 ? '' : `; the newest ${good === 1 ? 'run' : `${good} runs`} succeeded`;
  return {
    kind: 'failing',
    errorType: mostFrequentError(failures),
    reason: `${failures.length} of the last ${plural(judged.length, 'run')} failed${mostly(failures)}${again}`,
    since,
    isRecovering: good >= 2,
  };
}

function shaky(
  judged: readonly RunView[],
  failures: readonly RunView[],
  since: number | undefined,
): Judgement {
  const good = goodRow(judged);
  return {
    kind: 'shaky',
    errorType: mostFrequentError(failures),
    reason: `${failures.length} of the last ${plural(judged.length, 'run')} failed${mostly(failures)}`,
    since,
    isRecovering: good >= 2,
  };
}

function goodRow(judged: readonly RunView[]): number {
  return judged.length - 1 - judged.findLastIndex((run) => run.verdict !== 'ok');
}

function refused(newest: RunView, runs: readonly RunView[]): Judgement {
  const type = newest.error?.type;
  const words = errorTypeWords(type ?? '_OTHER');
  const counted = runs.filter((run) => run.verdict !== 'cancelled');
  const since = counted[counted.findLastIndex((run) => run.verdict !== newest.verdict) + 1]?.at;
  const traits = { errorType: type, since };
  if (newest.verdict === 'app') {
    const reason = `fal refused your probe’s input (${words}): mend the input of probe ${newest.probe}; nothing is known against the model`;
    return { kind: 'input_refused', reason, ...traits };
  }
  if (type === 'forbidden' || type === 'platform.authorization_error') {
    return { kind: 'forbidden', reason: 'your key may not call this model (forbidden)', ...traits };
  }
  if (type === 'unauthorized') {
    return { kind: 'key_rejected', reason: 'fal rejects your key (unauthorized)', ...traits };
  }
  if (type === 'account_locked') {
    return { kind: 'locked', reason: 'your account was locked at the last run', ...traits };
  }
  return { kind: 'limited', reason: `your account is held back (${words})`, ...traits };
}

function stale({ probes, at }: Evidence): Judgement | undefined {
  const late = probes.find((probe) => probe.isStale);
  if (late === undefined) return undefined;
  const skipped = late.skipped === undefined ? '' : `: ${SKIP_WORDS[late.skipped.reason]}`;
  const last = late.runs.at(-1)?.at;
  const since = last === undefined ? '' : ` (since ${clockTime(last, at)})`;
  return {
    kind: 'stale',
    reason: `no run of probe ${late.name} for ${roughly(late.dataAgeSeconds * 1000)}${since}, though it runs every ${span(late.intervalSeconds)}${skipped}`,
    since: last,
  };
}

function slowJudgement(endpoint: EndpointView): Judgement | undefined {
  const judged = judgedWindow(endpoint);
  const p95 = judged.quantiles?.p95;
  if (p95 === undefined || p95 <= endpoint.latencyLimitSeconds) return undefined;
  const limit = span(endpoint.latencyLimitSeconds);
  return {
    kind: 'slow',
    reason: `P95 over the last ${windowWords(judged)} is ${span(p95)}, above the limit of ${limit} (${plural(judged.completed, 'run')})`,
  };
}

/** The window that the latency is judged by: five minutes when they hold enough runs, else the hour. */
export function judgedWindow({ windows }: Pick<EndpointView, 'windows'>): WindowStats {
  return windows['5m'].completed >= ENOUGH_RUNS ? windows['5m'] : windows['1h'];
}

export function windowWords({ window }: WindowStats): string {
  return window === '5m' ? '5 min' : 'hour';
}

function wellWords(runs: readonly RunView[]): { readonly reason: string } {
  const judged = judgedRuns(runs);
  return {
    reason: judged.length === 1 ? 'the only run so far was good' : `the last ${judged.length} runs were good`,
  };
}

function whyNoData({ probes, at, runs }: Evidence): string {
  const [probe] = probes;
  if (probe === undefined) return 'no probe is configured for it';
  const skipped = probes.find((one) => one.skipped !== undefined)?.skipped;
  if (skipped !== undefined) return `no run yet: ${SKIP_WORDS[skipped.reason]}`;
  if (runs.length > 0) return 'no run came to an end yet: every one was cancelled';
  if (probes.some((one) => one.runningSince !== undefined)) return 'no data yet: the first run is under way';
  const next = Math.min(...probes.map((one) => one.nextRun?.at ?? Number.POSITIVE_INFINITY));
  if (Number.isFinite(next)) return `no data yet: first run in ${roughly(next - at)}`;
  return `no data yet: probe ${probe.name} runs every ${span(probe.intervalSeconds)}`;
}

/** `, mostly runner disconnected`; without "mostly" when all are the same. */
function mostly(failures: readonly RunView[]): string {
  const errorType = mostFrequentError(failures);
  if (errorType === undefined) return '';
  const isAll = failures.every((run) => run.error?.type === errorType);
  return ` (${isAll ? '' : 'mostly '}${errorTypeWords(errorType)})`;
}

/** The most frequent error among failures, the newest deciding a tie. */
function mostFrequentError(failures: readonly RunView[]): ErrorType | undefined {
  const counts = new Map<ErrorType, number>();
  for (const { error } of failures.toReversed()) {
    if (error !== undefined) counts.set(error.type, (counts.get(error.type) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most?.[0];
}

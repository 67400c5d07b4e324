import type { Verdict } from '../verdict/verdict.ts';
import { judgedRuns } from './condition.ts';
import { judgedWindow, type HealthStatus } from './health.ts';
import type { Assessment, JudgedEndpoint } from './judged.ts';
import { nearestId } from './nearest-id.ts';
import { supportText } from './support-text.ts';
import type { RunView, StatusView } from './view.ts';
import { isoTime } from './words.ts';

/** An answer of `/health/fal`: JSON with an HTTP status. */
export interface HealthReport {
  readonly httpStatus: 200 | 404 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The worst first: one sick model makes the whole answer sick, so that nobody needs to read the list. */
const WORST_FIRST: readonly HealthStatus[] = ['unhealthy', 'degraded', 'unknown', 'healthy'];

/**
 * Health in JSON, from memory. Without `endpointId` it covers every endpoint, and its `status` is that of the
 * worst; ask for one endpoint to steer the traffic of one model. 503 only when unhealthy: degraded and unknown
 * are 200, so that a load balancer does not take an app down for what nobody knows.
 */
export function healthReport(assessment: Assessment, endpointId?: string): HealthReport {
  if (endpointId === undefined) return overallReport(assessment);
  const judged = assessment.endpoints.find(({ endpoint }) => endpoint.id === endpointId);
  if (judged === undefined) return unknownEndpoint(assessment, endpointId);
  const { view } = assessment;
  return answer(judged.health.status, {
    ...endpointJson(judged, assessment),
    demo: view.demo,
    checked_at: isoTime(view.at),
  });
}

function overallReport(assessment: Assessment): HealthReport {
  const { view, verdict, endpoints, headline, gateways } = assessment;
  const status = overallStatus(assessment);
  return answer(status, {
    status,
    ...verdictJson(verdict),
    verdict_endpoint_ids: verdict.endpointIds,
    reason: headline.text,
    evidence: headline.evidence,
    next: headline.next,
    account: view.account.name,
    account_lock: lockJson(view),
    demo: view.demo,
    simulator: view.simulator,
    checked_at: isoTime(view.at),
    endpoints: endpoints.map((judged) => endpointJson(judged, assessment)),
    reachability: gateways.map(({ probe, health }) => ({
      probe: probe.name,
      status: health.status,
      reason: health.reason,
      since: isoTime(health.since),
      last_run_at: isoTime(probe.runs.at(-1)?.at),
    })),
  });
}

/**
 * While models answer, a failing free probe is a warning. With no model probed, reachability is all there is.
 * A rejected key is nobody's health but leaves everything unknown.
 */
export function overallStatus({ endpoints, gateways, view }: Assessment): HealthStatus {
  if (view.account.lock?.locked === true) return 'unhealthy';
  const models = endpoints.map(({ health }) => health.status);
  const ways = gateways.map(({ health }) => health.status);
  if (view.account.keyRejectedSince !== undefined) return 'unknown';
  if (models.length === 0) return worst(ways);
  const isWayBad = ways.some((status) => status === 'unhealthy' || status === 'degraded');
  return worst(isWayBad ? [...models, 'degraded'] : models);
}

/** Absent until something has shown whether fal accepts the account. */
function lockJson({ account, version, demo }: StatusView): Record<string, unknown> | undefined {
  const { lock, isContradiction, balance, name } = account;
  if (lock === undefined) return undefined;
  const support = { account: name, lock, balance, version, isDemo: demo };
  return {
    locked: lock.locked,
    reason: lock.reason,
    since: isoTime(lock.since),
    last_seen_at: isoTime(lock.at),
    contradicts_balance: isContradiction,
    support_text: isContradiction === true ? supportText(support) : undefined,
  };
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'unknown';
}

function endpointJson(
  { endpoint, health, verdict }: JudgedEndpoint,
  { view }: Assessment,
): Record<string, unknown> {
  const newest = endpoint.runs.at(-1);
  const stats = judgedWindow(endpoint);
  return {
    endpoint_id: endpoint.id,
    status: health.status,
    ...verdictJson(verdict),
    reason: health.reason,
    since: isoTime(health.since),
    last_run_at: isoTime(newest?.at),
    last_run_age_seconds: newest && Math.max(0, Math.round((view.at - newest.at) / 1000)),
    latency_limit_seconds: endpoint.latencyLimitSeconds,
    latency: stats.quantiles && {
      window: stats.window,
      runs: stats.completed,
      p50_seconds: milli(stats.quantiles.p50),
      p95_seconds: milli(stats.quantiles.p95),
      p99_seconds: milli(stats.quantiles.p99),
    },
    last_runs: judgedRuns(endpoint.runs).toReversed().map(runJson),
  };
}

/** Whose problem it is, how sure that is, and why. */
function verdictJson({ verdict, confidence, evidence, since }: Verdict): Record<string, unknown> {
  return {
    verdict,
    confidence: Math.round(confidence * 100) / 100,
    verdict_evidence: evidence,
    verdict_since: isoTime(since),
  };
}

function runJson(run: RunView): Record<string, unknown> {
  return {
    at: isoTime(run.at),
    probe: run.probe,
    outcome: run.outcome,
    duration_seconds: milli(run.durationSeconds),
    queue_wait_seconds: milli(run.queueWait?.seconds),
    inference_seconds: milli(run.inference?.seconds),
    error_type: run.error?.type,
    fault: run.error?.fault,
  };
}

/** To the millisecond: more digits would be noise. */
function milli(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000) / 1000;
}

function unknownEndpoint({ endpoints, view }: Assessment, wanted: string): HealthReport {
  const known = endpoints.map(({ endpoint }) => endpoint.id);
  const nearest = nearestId(wanted, known);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return {
    httpStatus: 404,
    body: {
      error: `This exporter does not watch the endpoint ${JSON.stringify(wanted.slice(0, 200))}.${hint}`,
      nearest,
      known_endpoint_ids: known,
      demo: view.demo,
    },
  };
}

function answer(status: HealthStatus, body: Readonly<Record<string, unknown>>): HealthReport {
  return { httpStatus: status === 'unhealthy' ? 503 : 200, body };
}

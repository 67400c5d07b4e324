/** Why a question to Grafana or to the data source got no answer. */
export interface Failure {
  readonly kind: FailureKind;
  /** What the other side said, without addresses' secrets; empty when it said nothing. */
  readonly detail: string;
}

/**
 * - `forbidden`: the user of Grafana may not ask this (401, 403).
 * - `not_found`: no such data source, or the data source has no such API (404).
 * - `timeout`: no answer in time.
 * - `unreachable`: Grafana did not reach the server behind the data source (502, 503, 504), or we not Grafana.
 * - `refused`: the server did not accept the question (other 4xx).
 * - `broken`: the server failed (other 5xx).
 * - `not_prometheus`: an answer came, but not in the form of Prometheus.
 */
export type FailureKind =
  'forbidden' | 'not_found' | 'timeout' | 'unreachable' | 'refused' | 'broken' | 'not_prometheus';

/** The longest text of another server that is shown. */
const MOST_DETAIL = 300;

/**
 * What a rejected call of Grafana's backend service means. It rejects with `{status, data: {message, error}}`; anything
 * else (a broken connection) has no status. `isTimeout` says that we gave up ourselves.
 */
export function failureOf(error: unknown, isTimeout: boolean): Failure {
  if (isTimeout) return { kind: 'timeout', detail: '' };
  const { status, data, message } = asRecord(error);
  const { error: cause, message: words } = asRecord(data);
  const detail = [cause, words, message].find((one) => typeof one === 'string' && one !== '');
  return { kind: kindOf(status), detail: withoutSecrets(typeof detail === 'string' ? detail : '') };
}

function kindOf(status: unknown): FailureKind {
  if (typeof status !== 'number' || status < 400) return 'unreachable';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 504) return 'timeout';
  if (status === 502 || status === 503) return 'unreachable';
  return status < 500 ? 'refused' : 'broken';
}

/** A text of another server with users, passwords and queries cut from its addresses, and not too long. */
export function withoutSecrets(text: string): string {
  const clean = text.replace(/(\w+:\/\/)(?:[^\s"'/@]*@)?([^\s"'?#]*)(?:[?#][^\s"']*)?/g, '$1$2');
  return clean.length > MOST_DETAIL ? `${clean.slice(0, MOST_DETAIL)}…` : clean;
}

/** The value as something with fields; an empty one where it is none. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

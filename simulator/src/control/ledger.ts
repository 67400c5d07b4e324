import type { Connection, Exchange, Job } from '../ledger.ts';
import type { ControlCall } from './call.ts';
import { checked, isInteger, isOneOf, onlyKnown } from './check.ts';
import { badInput } from './refusal.ts';

const DEFAULT_LIMIT = 100;
const MOST = 10_000;
const OUTCOMES = ['pending', 'ok', 'error', 'cancelled'] as const;
const JOB_FIELDS = [
  'requestId',
  'endpointId',
  'account',
  'keyId',
  'mode',
  'connectionId',
  'errorType',
] as const;
const CONNECTION_FIELDS = ['connectionId', 'endpointId', 'account', 'endedBy'] as const;
const EXCHANGE_FIELDS = ['method', 'host', 'path', 'requestId'] as const;

/** `GET /ledger/jobs`: newest first, filtered by equality; `since` (ISO 8601) bounds the submit time. */
export function listJobs({ engine, request }: ControlCall): unknown {
  const { query } = request;
  onlyKnown(query.keys(), [...JOB_FIELDS, 'outcome', 'since', 'limit']);
  const outcome = query.get('outcome');
  if (outcome !== null) checked('outcome', outcome, isOneOf(OUTCOMES));
  const since = sinceOf(query);
  const isWanted = (job: Job): boolean =>
    (outcome === null || job.outcome === outcome) &&
    job.submittedAt >= since &&
    equals(job, query, JOB_FIELDS);
  const jobs = engine.ledger.jobs.filter(isWanted);
  return { total: jobs.length, jobs: jobs.slice(-limitOf(query)).reverse() };
}

/** `GET /ledger/exchanges`: newest first, filtered by equality; `answer` is a status, `hang` or `reset`. */
export function listExchanges({ engine, request }: ControlCall): unknown {
  const { query } = request;
  onlyKnown(query.keys(), [...EXCHANGE_FIELDS, 'answer', 'since', 'limit']);
  const answer = answerOf(query);
  const since = sinceOf(query);
  const isWanted = (exchange: Exchange): boolean =>
    (answer === undefined || exchange.answer === answer) &&
    exchange.at >= since &&
    equals(exchange, query, EXCHANGE_FIELDS);
  const exchanges = engine.ledger.exchanges.filter(isWanted);
  return { total: exchanges.length, exchanges: exchanges.slice(-limitOf(query)).reverse() };
}

/** `GET /ledger/connections`: realtime sockets, newest first, filtered by equality; `since` bounds their opening. */
export function listConnections({ engine, request }: ControlCall): unknown {
  const { query } = request;
  onlyKnown(query.keys(), [...CONNECTION_FIELDS, 'since', 'limit']);
  const since = sinceOf(query);
  const isWanted = (connection: Connection): boolean =>
    connection.openedAt >= since && equals(connection, query, CONNECTION_FIELDS);
  const connections = engine.ledger.connections.filter(isWanted);
  return { total: connections.length, connections: connections.slice(-limitOf(query)).reverse() };
}

/** `GET /ledger/top-ups`: newest first. */
export function listTopUps({ engine, request }: ControlCall): unknown {
  onlyKnown(request.query.keys(), ['limit']);
  const { topUps } = engine.ledger;
  return { total: topUps.length, topUps: topUps.slice(-limitOf(request.query)).reverse() };
}

function equals<T>(entry: T, query: URLSearchParams, names: readonly (keyof T & string)[]): boolean {
  return names.every((name) => {
    const wanted = query.get(name);
    return wanted === null || entry[name] === wanted;
  });
}

function limitOf(query: URLSearchParams): number {
  const limit = query.get('limit');
  return limit === null ? DEFAULT_LIMIT : checked('limit', numberOf(limit), isInteger(1, MOST));
}

function sinceOf(query: URLSearchParams): number {
  const since = query.get('since');
  const at = since === null ? 0 : Date.parse(since);
  if (Number.isNaN(at)) throw badInput('since', 'an ISO 8601 time', since);
  return at;
}

function answerOf(query: URLSearchParams): Exchange['answer'] | undefined {
  const answer = query.get('answer');
  if (answer === null) return undefined;
  if (answer === 'hang' || answer === 'reset') return answer;
  const status = numberOf(answer);
  if (!isInteger(100, 599).accepts(status)) throw badInput('answer', 'an HTTP status, hang or reset', answer);
  return status;
}

/** Keeps a text that is no number as it is, so that the refusal shows what was given. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

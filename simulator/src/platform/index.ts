import { type Engine, isRefusal } from '../engine.ts';
import type { HostHandler, HttpReply, SimulatedRequest } from '../reply.ts';
import { accountBilling, meta } from './account.ts';
import { analytics } from './analytics.ts';
import { billingEvents } from './billing-events.ts';
import { PlatformRefusal, platformError } from './envelope.ts';
import { keyOperations } from './keys.ts';
import { models } from './models.ts';
import type { Operation, PlatformCall } from './operation.ts';
import { estimate, pricing } from './pricing.ts';
import { requestsByEndpoint } from './requests.ts';
import { serverlessMetrics } from './serverless-metrics.ts';
import { usage } from './usage.ts';

const PREFIX = '/v1';
/** Rate limits count in fixed windows of one minute. Source: https://fal.ai/docs/documentation/serverless/reliability/rate-limits */
const RATE_LIMIT_WINDOW_MS = 60_000;

/** Operations that fal has and this simulator has not. */
const NOT_SIMULATED =
  /^\/(serverless|compute|organization|workflows|assets|storage)(\/|$)|^\/account\/(focus|model-access-controls)$|^\/models\/requests\/(search$|[^/]+\/payloads$)/;

/**
 * The Platform API, `https://api.fal.ai/v1`: catalogue, prices, usage, analytics, billing events, request history,
 * balance and keys. Everything comes from the engine's ledger and world; nothing is made up for the answer, except
 * the metrics of deployed apps, because the simulated world has none.
 *
 * Source of every shape: https://api.fal.ai/v1/openapi.json
 */
export function createPlatformApi(engine: Engine): HostHandler {
  const operations = operationsOf(engine);
  return (request) => {
    try {
      return answer(engine, operations, request);
    } catch (error) {
      if (error instanceof PlatformRefusal) return platformError(error.type, error.message);
      throw error;
    }
  };
}

function operationsOf(engine: Engine): readonly Operation[] {
  const keys = keyOperations(engine);
  return [
    { method: 'GET', path: '/meta', access: 'none', answer: meta },
    { method: 'GET', path: '/models', access: 'optional', answer: models },
    { method: 'GET', path: '/models/pricing', access: 'API', answer: pricing },
    { method: 'POST', path: '/models/pricing/estimate', access: 'API', answer: estimate },
    { method: 'GET', path: '/models/usage', access: 'ADMIN', answer: usage },
    { method: 'GET', path: '/models/analytics', access: 'API', answer: analytics },
    { method: 'GET', path: '/models/billing-events', access: 'ADMIN', answer: billingEvents },
    { method: 'GET', path: '/models/requests/by-endpoint', access: 'API', answer: requestsByEndpoint },
    { method: 'GET', path: '/serverless/metrics', access: 'API', answer: serverlessMetrics },
    { method: 'GET', path: '/account/billing', access: 'ADMIN', answer: accountBilling },
    { method: 'GET', path: '/keys', access: 'ADMIN', answer: keys.list },
    { method: 'POST', path: '/keys', access: 'ADMIN', answer: keys.create },
    { method: 'DELETE', path: '/keys/{key_id}', access: 'ADMIN', answer: keys.remove },
  ];
}

function answer(engine: Engine, operations: readonly Operation[], request: SimulatedRequest): HttpReply {
  if (engine.switches.platformRateLimited) return rateLimited(engine);
  const path = pathBelowPrefix(request.path);
  for (const operation of operations) {
    const pathValue = operation.method === request.method ? match(operation.path, path) : undefined;
    if (pathValue === undefined) continue;
    return perform(operation, { engine, request, query: request.query, pathValue });
  }
  if (!NOT_SIMULATED.test(path))
    throw new PlatformRefusal('not_found', `No such operation: ${request.method} ${path}`);
  const caller = engine.authenticate(request, { scope: 'API' });
  if (isRefusal(caller)) return caller;
  throw new PlatformRefusal('not_implemented', `fal has ${request.method} ${path}; the simulator has not`);
}

function perform(operation: Operation, call: PlatformCall): HttpReply {
  const { engine, request } = call;
  if (operation.access === 'none') return operation.answer(call);
  if (operation.access === 'optional' && !request.headers.has('authorization')) {
    return operation.answer(call, undefined);
  }
  const scope = operation.access === 'ADMIN' ? 'ADMIN' : 'API';
  const caller = engine.authenticate(request, { scope });
  return isRefusal(caller) ? caller : operation.answer(call, caller);
}

function rateLimited(engine: Engine): HttpReply {
  const left = RATE_LIMIT_WINDOW_MS - (engine.clock.now() % RATE_LIMIT_WINDOW_MS);
  const headers = { 'x-ratelimit-reset': String(Math.ceil(left / 1000)) };
  return platformError('rate_limited', 'Rate limit exceeded', headers);
}

/** Without `/v1`, and without a slash at the end. */
function pathBelowPrefix(path: string): string {
  return path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length).replace(/(?<=.)\/$/, '') : '';
}

/** What the braces of the pattern stand for; an empty text when the pattern has none and is equal. */
function match(pattern: string, path: string): string | undefined {
  const brace = pattern.indexOf('{');
  if (brace === -1) return pattern === path ? '' : undefined;
  const value = path.startsWith(pattern.slice(0, brace)) ? path.slice(brace) : '';
  return value === '' || value.includes('/') ? undefined : decoded(value);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

import { type Engine, isRefusal } from '../engine.ts';
import { type HostHandler, type HttpReply, type SimulatedRequest, json } from '../reply.ts';
import { appToken } from './app-tokens.ts';
import { methodNotAllowed, notFound } from './rest-body.ts';
import { cdnToken, initiateUpload } from './uploads.ts';

export interface RestApiOptions {
  /** Public halves of the keys that sign webhooks, as JSON web keys. None by default. */
  readonly webhookKeys?: (() => readonly object[] | Promise<readonly object[]>) | undefined;
}

type Operation = (request: SimulatedRequest) => HttpReply | Promise<HttpReply>;

/**
 * `rest.fal.ai`: uploads, short-lived tokens, the key set of webhooks, and two legacy views of the balance.
 *
 * @param options the webhook keys, when the simulator signs webhooks.
 */
export function createRestApi(engine: Engine, options: RestApiOptions = {}): HostHandler {
  const posts: Readonly<Record<string, Operation>> = {
    '/storage/upload/initiate': (request) => initiateUpload(engine, request, false),
    '/storage/upload/initiate-multipart': (request) => initiateUpload(engine, request, true),
    '/storage/auth/token': (request) => cdnToken(engine, request),
    '/tokens': (request) => appToken(engine, request, 'plain'),
    '/tokens/realtime': (request) => appToken(engine, request, 'realtime'),
  };
  const gets: Readonly<Record<string, Operation>> = {
    '/.well-known/jwks.json': async () => json(200, { keys: (await options.webhookKeys?.()) ?? [] }),
    '/billing/user_balance': (request) => legacyBalance(engine, request),
    '/billing/user_details': (request) => legacyDetails(engine, request),
  };
  return (request) => {
    const path = request.path.replace(/(?<=.)\/$/, '');
    const [post, get] = [own(posts, path), own(gets, path)];
    if (post === undefined && get === undefined) return notFound();
    const operation = request.method === 'POST' ? post : request.method === 'GET' ? get : undefined;
    return operation?.(request) ?? methodNotAllowed(post === undefined ? 'GET' : 'POST');
  };
}

function own(operations: Readonly<Record<string, Operation>>, path: string): Operation | undefined {
  return Object.hasOwn(operations, path) ? operations[path] : undefined;
}

/**
 * A bare number that, unlike the Platform API's balance, can be negative. Undocumented by fal today.
 * Source: https://github.com/fal-ai/fal/issues/1147
 */
function legacyBalance(engine: Engine, request: SimulatedRequest): HttpReply {
  const caller = engine.authenticate(request, { scope: 'API' });
  return isRefusal(caller) ? caller : json(200, caller.account.balanceNano / 1e9);
}

/**
 * The only place with an explicit lock state. Undocumented by fal today.
 * Source: projects/fal/openapi-fal-rest of github.com/fal-ai/fal
 */
function legacyDetails(engine: Engine, request: SimulatedRequest): HttpReply {
  const caller = engine.authenticate(request, { scope: 'API' });
  if (isRefusal(caller)) return caller;
  const lock = engine.lockOf(caller.account);
  return json(200, {
    user_id: caller.account.name,
    soft_monthly_budget: null,
    hard_monthly_budget: null,
    lock_reason: lock ?? null,
    is_paying: true,
    is_locked: lock !== undefined,
    is_eligible_for_extra_credits: false,
  });
}

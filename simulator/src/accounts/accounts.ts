import { type HttpReply, type SimulatedRequest, json } from '../reply.ts';
import type { Caller } from '../engine.ts';
import type { Account, ApiKey, LockReason, World } from '../world.ts';
import { LOCK_TEXTS } from './lock-text.ts';

const PLATFORM_HOST = 'api.fal.ai';

/**
 * Who is calling, or the refusal that fal would answer with on this host.
 *
 * Source of the texts on the model hosts: public logs of fal's gateway; of the Platform envelope: fal's OpenAPI
 * document, https://api.fal.ai/v1/openapi.json.
 */
export function authenticate(
  world: World,
  request: SimulatedRequest,
  scope: ApiKey['scope'],
): Caller | HttpReply {
  const refuse = (status: 401 | 403, text: string): HttpReply => refusal(request.host, status, text);
  const header = request.headers.get('authorization');
  if (header === undefined) return refuse(401, 'Authentication is required to access this application');
  const credentials = /^(?:key|bearer)\s+(.+)$/i.exec(header.trim())?.[1];
  if (credentials?.includes(':') !== true) {
    return refuse(401, "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'.");
  }
  const key = world.keys.get(credentials);
  const account = key === undefined ? undefined : world.accounts.get(key.account);
  if (key === undefined || account === undefined || key.revoked) {
    return refuse(401, 'No user found for Key ID and Secret');
  }
  if (scope === 'ADMIN' && key.scope !== 'ADMIN') {
    return refuse(403, 'This operation requires a key with the ADMIN scope');
  }
  return { account, key };
}

function refusal(host: string, status: 401 | 403, text: string): HttpReply {
  return host === PLATFORM_HOST
    ? json(status, { error: { type: 'authorization_error', message: text } })
    : json(status, { detail: text });
}

/** The lock that holds now, set by hand or by a balance below the threshold. */
export function lockOf(account: Account): LockReason | undefined {
  if (account.lock !== undefined) return account.lock;
  const { lockBelowNano } = account;
  return lockBelowNano !== undefined && account.balanceNano < lockBelowNano ? 'exhausted_balance' : undefined;
}

/** The 403 of a locked account, or `undefined`. */
export function refuseLocked(account: Account): HttpReply | undefined {
  const lock = lockOf(account);
  return lock === undefined
    ? undefined
    : json(403, { detail: `User is locked. Reason: ${LOCK_TEXTS[lock]}` });
}

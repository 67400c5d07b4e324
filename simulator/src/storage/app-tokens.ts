import { type Caller, type Engine, isRefusal } from '../engine.ts';
import { appOf } from '../model-hosts/address.ts';
import { type HttpReply, type SimulatedRequest, json } from '../reply.ts';
import { bodyFields, fieldRefusal } from './rest-body.ts';
import { sharedStorageOf } from './shared-storage.ts';

const DEFAULT_SECONDS = 120;
const LONGEST_SECONDS = 24 * 3600;

/**
 * Short-lived tokens for browsers. `POST /tokens/` answers with a JSON string and counts in `token_expiration`;
 * `POST /tokens/realtime` answers with `{"token"}` and counts in `duration`.
 *
 * Source: libs/client/src/auth.ts of github.com/fal-ai/fal-js and
 * https://fal.ai/docs/documentation/model-apis/inference/real-time
 */
export function appToken(engine: Engine, request: SimulatedRequest, style: 'plain' | 'realtime'): HttpReply {
  const caller = engine.authenticate(request, { scope: 'API' });
  if (isRefusal(caller)) return caller;
  const secondsField = style === 'plain' ? 'token_expiration' : 'duration';
  const { allowed_apps: apps, [secondsField]: seconds = DEFAULT_SECONDS } = bodyFields(request);
  if (!isListOfTexts(apps)) return fieldRefusal('allowed_apps', 'a list of app names is required');
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= LONGEST_SECONDS)) {
    return fieldRefusal(secondsField, `must be a number of seconds from 1 to ${LONGEST_SECONDS}`);
  }
  const claims = { purpose: 'apps', account: caller.account.name, keyId: caller.key.id, apps } as const;
  const { token } = sharedStorageOf(engine).mint.issue(claims, Math.floor(seconds));
  return json(200, style === 'plain' ? token : { token });
}

/**
 * Whom a token of this kind stands for, or `undefined` when it is not ours, too old, for other apps, or its key was
 * revoked. The client names an app by its alias (`flux`), fal's documentation by its path (`fal-ai/flux/dev`).
 *
 * @param path what is called with it: an endpoint id, perhaps with `/realtime` or `/stream` behind it.
 */
export function holderOfAppToken(engine: Engine, token: string, path: string): Caller | undefined {
  const claims = sharedStorageOf(engine).mint.read(token, 'apps');
  if (claims === undefined || !isAllowed(claims.apps ?? [], path)) return undefined;
  const account = engine.world.accounts.get(claims.account);
  const key = [...engine.world.keys.values()].find(({ id }) => id === claims.keyId);
  return account === undefined || key === undefined || key.revoked ? undefined : { account, key };
}

function isAllowed(apps: readonly string[], path: string): boolean {
  const alias = appOf(path).split('/').at(-1);
  return apps.some((app) => app === alias || path === app || path.startsWith(`${app}/`));
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

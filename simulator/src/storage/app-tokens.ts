import { type Engine, isRefusal } from '../engine.ts';
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
  const claims = { purpose: 'apps', account: caller.account.name, apps } as const;
  const { token } = sharedStorageOf(engine).mint.issue(claims, Math.floor(seconds));
  return json(200, style === 'plain' ? token : { token });
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

import { type Caller, type Engine, isRefusal } from '../engine.ts';
import { type HttpReply, type SimulatedRequest, json, originOf } from '../reply.ts';
import type { Announcement } from './file-store.ts';
import { bodyFields, fieldRefusal } from './rest-body.ts';
import { sharedStorageOf } from './shared-storage.ts';

const CDN = 'v3.fal.media';
/** How long a CDN token lasts; fal does not state it. */
const CDN_TOKEN_SECONDS = 3600;

/**
 * `POST /storage/upload/initiate` and `…/initiate-multipart`: where to put the bytes, and where they can be read
 * afterwards. Refused while the account is locked.
 *
 * Source: libs/client/src/storage.ts of github.com/fal-ai/fal-js
 */
export function initiateUpload(engine: Engine, request: SimulatedRequest, isMultipart: boolean): HttpReply {
  const caller = openCaller(engine, request);
  if (isRefusal(caller)) return caller;
  const { content_type: contentType, file_name: fileName } = bodyFields(request);
  if (typeof contentType !== 'string') return missing('content_type');
  if (typeof fileName !== 'string') return missing('file_name');
  const lifetimeSeconds = lifetimeOf(request);
  const announcement: Announcement = { contentType, fileName, lifetimeSeconds };
  const { path, signature } = sharedStorageOf(engine).files.announce(announcement, isMultipart);
  const fileUrl = `${originOf(request, CDN)}${path}`;
  return json(200, { upload_url: `${fileUrl}?signature=${signature}`, file_url: fileUrl });
}

/**
 * `POST /storage/auth/token`: the token with which the Python client writes to the CDN.
 *
 * Source: projects/fal_client of github.com/fal-ai/fal
 */
export function cdnToken(engine: Engine, request: SimulatedRequest): HttpReply {
  const caller = openCaller(engine, request);
  if (isRefusal(caller)) return caller;
  const claims = { purpose: 'cdn', account: caller.account.name, keyId: caller.key.id } as const;
  const { token, expiresAt } = sharedStorageOf(engine).mint.issue(claims, CDN_TOKEN_SECONDS);
  return json(200, {
    token,
    token_type: 'Bearer',
    base_url: originOf(request, CDN),
    // Python before 3.11 reads an offset, and no Z.
    expires_at: new Date(expiresAt).toISOString().replace('Z', '+00:00'),
  });
}

function openCaller(engine: Engine, request: SimulatedRequest): Caller | HttpReply {
  const caller = engine.authenticate(request, { scope: 'API' });
  if (isRefusal(caller)) return caller;
  return engine.refuseLocked(caller.account) ?? caller;
}

function missing(field: string): HttpReply {
  return fieldRefusal(field, 'field required', 'value_error.missing');
}

/** A header that makes no sense is ignored: the file then lives for ever, as without it. */
function lifetimeOf(request: SimulatedRequest): number | undefined {
  try {
    const lifecycle: unknown = JSON.parse(request.headers.get('x-fal-object-lifecycle') ?? 'null');
    const seconds =
      typeof lifecycle === 'object' && lifecycle !== null && 'expiration_duration_seconds' in lifecycle
        ? lifecycle.expiration_duration_seconds
        : undefined;
    return typeof seconds === 'number' && seconds > 0 ? seconds : undefined;
  } catch {
    return undefined;
  }
}

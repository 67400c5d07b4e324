import { type Attempt, classifyThrown } from 'opentelemetry-instrumentation-fal/core';
import type { Classification } from 'opentelemetry-instrumentation-fal/core';
import { z } from 'zod';
import type { CollectorConfig } from '../config/config.ts';
import { type FalAccess, probeFetch } from '../fal/client.ts';
import { MISSHAPEN, PlatformError, refusal } from '../fal/platform.ts';
import type { CollectContext, Collector } from './collector.ts';

const PATH = '/storage/upload/initiate';
const ANNOUNCE_URL = `https://rest.fal.ai${PATH}?storage_type=fal-cdn-v3`;
const FILE = { file_name: 'fal-exporter-lock-check.txt', content_type: 'text/plain' } as const;

/** Only such an answer shows that fal let the question in: a page of a proxy in between is none. */
const announced = z.object({ upload_url: z.string().min(1) });

export interface LockCollectorOptions {
  readonly access: FalAccess;
  readonly account: string;
  readonly config: CollectorConfig;
  /** Whether anybody holds the account to be locked: this collector may have been built after it saw the lock. */
  readonly isLocked?: (() => boolean | undefined) | undefined;
}

/**
 * A canary that costs nothing and takes no slot: it announces an upload, as `@fal-ai/client` does before it sends a
 * file, and uploads nothing. fal bills no storage calls, and answers a locked account with the 403 of its billable
 * calls [inferred: the refusal of uploads is in no document of fal; its text is, for model calls].
 *
 * - 403 with the lock text: locked, with the reason.
 * - 2xx with an address to upload to: let in. That proves less than an accepted model call, so it is told only while
 *   the account is held to be locked, and `LockWatch` lets it end only a lock that uploads were refused by.
 * - everything else (a plain 403, a 401, 5xx, HTML, no answer) says nothing of the lock: the reading fails in words.
 *
 * Source of the call: libs/client/src/storage.ts of github.com/fal-ai/fal-js; of the text: lock_reason.py of
 * github.com/fal-ai/fal.
 */
export function createLockCollector({ access, account, config, isLocked }: LockCollectorOptions): Collector {
  const { clock } = access;
  let hasSeenIt = false;
  return {
    name: 'lock',
    intervalMs: config.intervalMs,
    callsPerHour: config.callsPerHour,
    async collect({ signal, emit, spendCall }): Promise<void> {
      spendCall();
      const askedAt = clock.monotonic();
      const refused = await announceUpload(access, signal);
      const askedMsAgo = clock.monotonic() - askedAt;
      const seen = { at: clock.now(), account, witness: 'upload', askedMsAgo } as const;
      if (refused !== undefined) {
        hasSeenIt = true;
        emit({ kind: 'account_lock_observed', ...seen, locked: true, ...refused });
      } else if (hasSeenIt || isLocked?.() === true) {
        hasSeenIt = false;
        emit({ kind: 'account_lock_observed', ...seen, locked: false });
      }
    },
  };
}

interface LockRefusal {
  readonly reason: NonNullable<Classification['lockReason']>;
  readonly requestId: string | undefined;
}

/** Gives the refusal for the lock's sake, nothing when fal let the call in, and throws a PlatformError otherwise. */
async function announceUpload(
  access: FalAccess,
  signal: CollectContext['signal'],
): Promise<LockRefusal | undefined> {
  let attempt: Attempt | undefined;
  const fetch = probeFetch(access, (seen) => {
    attempt = seen;
  });
  const key = access.falKey();
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(key === undefined ? {} : { authorization: `Key ${key}` }),
  };
  let response: Response;
  try {
    response = await fetch(ANNOUNCE_URL, { method: 'POST', headers, body: JSON.stringify(FILE), signal });
  } catch (error) {
    throw new LockCanaryError(classifyThrown(error, attempt));
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) return readRefusal(refusal(PATH, response, body), attempt);
  if (announced.safeParse(body).success) return undefined;
  throw new LockCanaryError(MISSHAPEN);
}

function readRefusal({ classification, retryAfterSeconds }: PlatformError, attempt?: Attempt): LockRefusal {
  const { lockReason: reason } = classification;
  if (reason !== undefined) return { reason, requestId: attempt?.requestId };
  throw new LockCanaryError(classification, retryAfterSeconds);
}

/** The canary was neither let in nor refused for a lock. */
class LockCanaryError extends PlatformError {
  constructor(classification: Classification, retryAfterSeconds?: number) {
    super(PATH, classification, { retryAfterSeconds });
    this.message = `POST ${PATH}: ${classification.errorType}, which says nothing of a lock`;
  }
}

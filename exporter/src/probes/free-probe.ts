import {
  type Attempt,
  type Fetch,
  classifyHttpFailure,
  classifyThrown,
} from 'opentelemetry-instrumentation-fal/core';
import type { Classification } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeConfig } from '../config/config.ts';
import type { HostChecked } from '../domain/events.ts';
import { type FalAccess, createProbeClient, probeFetch } from '../fal/client.ts';
import { ProbeRun } from './probe-run.ts';
import type { Probe, ProbeRunContext, ProbeRunResult } from './probe.ts';

/** Asked without a key, and answered without running anything. */
const KEYLESS_CHECKS = [
  { host: 'fal.run', url: 'https://fal.run/' },
  { host: 'rest.fal.ai', url: 'https://rest.fal.ai/.well-known/jwks.json' },
  { host: 'api.fal.ai', url: 'https://api.fal.ai/v1/meta' },
] as const;

const QUEUE_HOST = 'queue.fal.run';

export interface FreeProbeOptions {
  readonly config: ProbeConfig;
  readonly access: FalAccess;
  readonly account: string;
  /** An app that exists; its queue is asked for a request that does not. */
  readonly canaryEndpointId: string;
  readonly randomUuid: () => string;
}

/**
 * Costs nothing and takes no slot: is each host there, and does the queue know our key? The status of a
 * request that never was is 404 for a usable key, 401 for a bad one, and 403 where a lock refuses reads too.
 */
export function createFreeProbe(options: FreeProbeOptions): Probe {
  const { name, tier, intervalMs, timeoutMs } = options.config;
  const lock = { seen: false };
  const probe: Probe = {
    ...{ name, tier, intervalMs, timeoutMs },
    async run(context): Promise<ProbeRunResult> {
      const run = new ProbeRun(probe, options.access.clock, context.signal);
      const checks = [
        checkQueue(options, run),
        ...KEYLESS_CHECKS.map((check) => checkHost(options, run, check)),
      ];
      const settled = await Promise.all(checks.map((check) => settle(check, options, run, context)));
      const queue = settled.find(({ host }) => host === QUEUE_HOST);
      if (queue !== undefined) emitLock(queue, lock, options, context);
      const failures = settled.filter(isFailed);
      const worst = failures.find(({ failure }) => failure.fault === 'account') ?? failures[0];
      if (worst === undefined) run.observe({ kind: 'finished' });
      else run.fail(worst.failure, `${worst.host}: ${inWords(worst.failure)}`);
      return { finished: run.finish(), billing: { kind: 'none' } };
    },
  };
  return probe;
}

interface HostCheck {
  readonly host: string;
  readonly durationSeconds: number;
  readonly failure?: Classification | undefined;
  /** Of the answer, where fal gave one. */
  readonly requestId?: string | undefined;
}

type FailedCheck = HostCheck & { readonly failure: Classification };

async function settle(
  check: Promise<HostCheck>,
  { config, access }: FreeProbeOptions,
  run: ProbeRun,
  context: ProbeRunContext,
): Promise<HostCheck> {
  const settled = await check;
  const { host, durationSeconds, failure } = settled;
  const isUp = failure === undefined || failure.fault === 'account';
  run.say(
    `${host}: ${failure === undefined ? 'reachable' : failure.errorType} after ${Math.round(durationSeconds * 1000)} ms`,
  );
  const error = failure && {
    type: failure.errorType,
    fault: failure.fault,
    text: inWords(failure),
  };
  const event: HostChecked = {
    ...{ kind: 'host_checked', at: access.clock.now(), probe: config.name, host, up: isUp, durationSeconds },
    error: isUp ? undefined : error,
  };
  context.emit(event);
  return settled;
}

/** One question to the queue through the client; its retries would hide a failure, so the first answer ends it. */
async function checkQueue(options: FreeProbeOptions, run: ProbeRun): Promise<HostCheck> {
  const firstAnswer = new AbortController();
  let attempt: Attempt | undefined;
  const client = createProbeClient(options.access, (seen) => {
    attempt = seen;
    run.onAttempt(seen);
    firstAnswer.abort();
  });
  const startedAt = run.elapsedSeconds;
  const query = {
    requestId: options.randomUuid(),
    logs: false,
    abortSignal: AbortSignal.any([run.signal, firstAnswer.signal]),
  };
  try {
    await run.call(client.queue.status(options.canaryEndpointId, query));
    return { host: QUEUE_HOST, durationSeconds: run.elapsedSeconds - startedAt };
  } catch (error) {
    const failure = classifyThrown(error, attempt);
    const isExpected = failure.errorType === 'not_found';
    return {
      host: QUEUE_HOST,
      durationSeconds: run.elapsedSeconds - startedAt,
      failure: isExpected ? undefined : failure,
      requestId: attempt?.requestId,
    };
  }
}

/** Any answer below 500 shows that the host is there; which one it is does not matter. */
async function checkHost(
  options: FreeProbeOptions,
  run: ProbeRun,
  check: { readonly host: string; readonly url: string },
): Promise<HostCheck> {
  const fetch: Fetch = probeFetch(options.access, run.onAttempt);
  const startedAt = run.elapsedSeconds;
  try {
    const response = await run.call(fetch(check.url, { signal: run.signal }));
    const durationSeconds = run.elapsedSeconds - startedAt;
    if (response.status < 500) return { host: check.host, durationSeconds };
    const requestId = response.headers.get('x-fal-request-id') ?? undefined;
    return {
      host: check.host,
      durationSeconds,
      failure: classifyHttpFailure({ status: response.status, requestId }),
    };
  } catch (error) {
    return {
      host: check.host,
      durationSeconds: run.elapsedSeconds - startedAt,
      failure: classifyThrown(error),
    };
  }
}

/** Reads may work while an account is locked, so this probe ends only a lock that it has seen itself. */
function emitLock(
  { failure, requestId, durationSeconds }: HostCheck,
  lock: { seen: boolean },
  { account, access }: FreeProbeOptions,
  { emit }: ProbeRunContext,
): void {
  const reason = failure?.lockReason;
  const seen = {
    at: access.clock.now(),
    account,
    witness: 'read',
    askedMsAgo: durationSeconds * 1000,
  } as const;
  if (reason !== undefined) {
    emit({ kind: 'account_lock_observed', ...seen, locked: true, reason, requestId });
  } else if (lock.seen && failure === undefined) {
    emit({ kind: 'account_lock_observed', ...seen, locked: false });
  }
  lock.seen = reason !== undefined || (lock.seen && failure !== undefined);
}

function isFailed(check: HostCheck): check is FailedCheck {
  return check.failure !== undefined;
}

function inWords({ errorType, networkCode }: Classification): string {
  return networkCode === undefined ? errorType : `the connection failed (${networkCode})`;
}

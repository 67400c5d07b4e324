import { DEFAULT_ACCOUNT, FAKE_ADMIN_KEY, FAKE_API_KEY, defaultWorld } from '../default-world.ts';
import { FalEngine } from '../fal-engine.ts';
import { DEFAULT_LEDGER_LIMITS, type JobRecord } from '../ledger-book.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { createPlatformApi } from './index.ts';

/** Indexing lag of the engine under test. */
export const LAG_MS = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Ask {
  readonly method?: string;
  /** `undefined`: none. ADMIN unless told otherwise. */
  readonly key?: string | undefined;
  readonly body?: unknown;
}

/** A Platform API over an engine whose ledger the test writes, and a clock that stands still. */
export interface PlatformFixture {
  readonly clock: VirtualClock;
  readonly engine: FalEngine;
  readonly addJob: (job: Partial<JobRecord>) => JobRecord;
  readonly ask: (pathAndQuery: string, how?: Ask) => Promise<Answer>;
}

export function platformFixture({ seed = 1 }: { readonly seed?: number } = {}): PlatformFixture {
  const clock = new VirtualClock();
  const engine = new FalEngine({
    clock,
    seed,
    world: defaultWorld(),
    indexingLagMs: LAG_MS,
    resultTtlMs: 3_600_000,
    ledgerLimits: DEFAULT_LEDGER_LIMITS,
  });
  const api = createPlatformApi(engine);
  return {
    clock,
    engine,
    addJob: (job) => {
      const record = jobRecord(engine, job);
      engine.ledger.addJob(record);
      return record;
    },
    ask: async (pathAndQuery, how = {}) => {
      const { method = 'GET', body } = how;
      const key = 'key' in how ? how.key : FAKE_ADMIN_KEY;
      const url = new URL(`https://api.fal.ai/v1${pathAndQuery}`);
      const reply = await api({
        method,
        host: 'api.fal.ai',
        path: url.pathname,
        query: url.searchParams,
        headers: new Map(key === undefined ? [] : [['authorization', `Key ${key}`]]),
        body: new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body)),
        signal: new AbortController().signal,
      });
      if (reply.kind !== 'http' || typeof reply.body !== 'string')
        throw new TypeError('expected an HTTP answer');
      const isText = reply.headers['content-type']?.startsWith('text/') === true;
      const parsed: unknown = isText ? reply.body : reply.body === '' ? undefined : JSON.parse(reply.body);
      return { status: reply.status, headers: reply.headers, body: parsed };
    },
  };
}

/** A successful, billed and indexed job, one minute ago, except for what the test says. */
function jobRecord(engine: FalEngine, job: Partial<JobRecord>): JobRecord {
  const submittedAt = job.submittedAt ?? engine.clock.now() - 62_000;
  const startedAt = submittedAt + 500;
  const completedAt = 'completedAt' in job ? job.completedAt : startedAt + 1500;
  const units = job.billableUnits ?? 1;
  const price = 'unitPriceNano' in job ? job.unitPriceNano : 4_000_000;
  const discount = job.percentDiscount ?? 0;
  return {
    requestId: engine.newRequestId(),
    endpointId: 'fal-ai/flux/schnell',
    account: DEFAULT_ACCOUNT,
    keyId: FAKE_API_KEY.split(':')[0] ?? '',
    mode: 'queue',
    runs: [{ runnerId: 'runner-1', startedAt, endedAt: completedAt, coldStartMs: 0, ended: 'ok' }],
    outcome: 'ok',
    httpStatus: 200,
    unit: 'megapixels',
    chargedNano: price === undefined ? undefined : Math.round((units * price * (100 - discount)) / 100),
    ...job,
    submittedAt,
    completedAt,
    billableUnits: units,
    unitPriceNano: price,
    percentDiscount: discount,
  };
}

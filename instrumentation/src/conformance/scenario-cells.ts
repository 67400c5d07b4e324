import type { ErrorType } from '../errors/error-type.ts';
import type { ActiveState } from '../request/operation.ts';
import type { Cell, ChainEnd, ExpectedEnd } from './cell.ts';
import { failed, good } from './expected.ts';
import { type Chain, chainNamed } from './methods.ts';
import type { Stage } from './stage.ts';

/** What a named scenario of the simulator does to a request, if it does anything to it at all. */
interface Meeting {
  readonly scenario: string;
  /** Why a call is refused. */
  readonly refusal?: ErrorType | undefined;
  /** Why the queue refuses, where that is something else. */
  readonly refusalOfQueue?: ErrorType | undefined;
  /** Where a queued job stands for ever. */
  readonly hangs?: ActiveState | undefined;
  readonly hidesUnits?: boolean | undefined;
  readonly horizonMs?: number | undefined;
}

const MODELS: readonly Meeting[] = [
  { scenario: 'healthy' },
  { scenario: 'one-model-outage', refusal: 'runner_server_error' },
  { scenario: 'flaky', refusal: 'internal_server_error' },
  { scenario: 'slow-inference' },
  { scenario: 'slow-cold-start' },
  { scenario: 'queue-stall', hangs: 'queued', horizonMs: 20_000 },
  { scenario: 'long-queue' },
  { scenario: 'stuck-in-progress', hangs: 'running', horizonMs: 20_000 },
  { scenario: 'stuck-after-revocation', refusal: 'unauthorized' },
  { scenario: 'platform-retries', refusal: 'runner_disconnected' },
  { scenario: 'runner-disconnected', refusal: 'runner_disconnected' },
  { scenario: 'no-runners', refusal: 'runner_scheduling_failure', horizonMs: 200_000 },
  { scenario: 'startup-timeout', refusal: 'startup_timeout' },
  { scenario: 'generation-timeout', refusal: 'generation_timeout' },
  { scenario: 'request-timeout', refusal: 'request_timeout' },
  { scenario: 'content-policy', refusal: 'content_policy_violation' },
  { scenario: 'no-media-generated', refusal: 'no_media_generated' },
  { scenario: 'downstream-unavailable', refusal: 'downstream_service_unavailable' },
  { scenario: 'missing-units', hidesUnits: true },
  { scenario: 'absurd-units', hidesUnits: true },
  { scenario: 'non-numeric-units', hidesUnits: true },
  { scenario: 'missing-metrics' },
  { scenario: 'null-inference-time' },
  { scenario: 'skipped-states' },
  { scenario: 'huge-body' },
  { scenario: 'slow-loris', horizonMs: 600_000 },
  { scenario: 'reset-after-submit' },
  { scenario: 'host-down-run', refusal: 'network_error' },
  { scenario: 'host-down-queue', refusal: 'network_error' },
  { scenario: 'rate-limit-storm', refusal: 'concurrent_requests_limit', refusalOfQueue: '429' },
];

const ACCOUNTS: readonly Meeting[] = [
  ...[
    'with-balance',
    'top-up',
    'admin',
    'payment-method',
    'user-budget',
    'archived',
    'unknown',
    'reads-too',
  ].map((lock): Meeting => ({ scenario: `locked-${lock}`, refusal: 'account_locked' })),
  { scenario: 'balance-exhausted', refusal: 'account_locked' },
  { scenario: 'low-balance' },
  { scenario: 'one-slot' },
  { scenario: 'key-revoked', refusal: 'unauthorized' },
  { scenario: 'outage', refusal: 'runner_scheduling_failure' },
  { scenario: 'host-down-rest', refusal: 'network_error' },
];

/** Scenarios that begin while the job waits for its turn. */
const MEANWHILE: readonly Meeting[] = [
  { scenario: 'locked-with-balance' },
  { scenario: 'locked-reads-too', refusal: 'account_locked' },
  { scenario: 'locked-queue-held', hangs: 'queued', horizonMs: 20_000 },
  { scenario: 'key-revoked', refusal: 'unauthorized' },
  { scenario: 'outage', refusal: 'runner_scheduling_failure' },
  { scenario: 'queue-stall', hangs: 'queued', horizonMs: 20_000 },
  { scenario: 'stuck-in-progress', hangs: 'running', horizonMs: 20_000 },
  { scenario: 'ingress-html-502', refusal: 'ingress_error' },
  { scenario: 'host-down-queue', refusal: 'network_error' },
  { scenario: 'rate-limit-storm' },
];
const MEANWHILE_MS = 900;

const QUEUED = ['subscribe', 'subscribe by streaming', 'submit, status, result'];

/** Every scenario of models and hosts with every way to call a model. */
export function modelCells(names: readonly string[] = ['run', ...QUEUED, 'stream']): Cell[] {
  return cellsOf(MODELS, names, (meeting) => ({
    fault: meeting.scenario,
    arrange: ({ simulator }) => {
      // Cold starts and slow runs are to be met, not to be cut off.
      for (const endpoint of simulator.world.endpoints.values()) {
        Object.assign(endpoint, { startupTimeoutMs: 600_000, processingLimitMs: 600_000 });
      }
      simulator.applyScenario(meeting.scenario);
    },
  }));
}

/** Every scenario of accounts and keys. */
export function accountCells(): Cell[] {
  return cellsOf(ACCOUNTS, ['run', 'subscribe', 'stream', 'upload'], ({ scenario }) => ({
    fault: scenario,
    arrange: ({ simulator }) => simulator.applyScenario(scenario),
  }));
}

/** Scenarios that begin when the job is in the queue already. */
export function meanwhileCells(): Cell[] {
  return cellsOf(MEANWHILE, QUEUED, ({ scenario }) => ({
    fault: `${scenario} after the submit`,
    arrange: ({ simulator }) => {
      setTimeout(() => simulator.applyScenario(scenario), MEANWHILE_MS);
    },
  }));
}

function cellsOf(
  meetings: readonly Meeting[],
  names: readonly string[],
  make: (meeting: Meeting) => { readonly fault: string; readonly arrange: (stage: Stage) => void },
): Cell[] {
  return meetings.flatMap((meeting) =>
    names.map((name) => {
      const chain = chainNamed(name);
      const { hidesUnits, horizonMs } = meeting;
      const expected = (end: ChainEnd): ExpectedEnd => expectedOf(chain, meeting, end);
      return { chain, ...make(meeting), expected, hidesUnits, horizonMs };
    }),
  );
}

function expectedOf(chain: Chain, meeting: Meeting, end: ChainEnd): ExpectedEnd {
  const { scenario, hangs, refusalOfQueue } = meeting;
  const isQueued = chain.steps.includes('submit');
  const refusal = (isQueued ? refusalOfQueue : undefined) ?? meeting.refusal;
  if (end === 'resolved') return good(chain);
  if (end === 'pending' && hangs !== undefined) {
    return { hangs: isQueued ? hangs : 'submitting' };
  }
  // The storage refuses without an id, as the load balancer does.
  if (end === 'rejected' && chain.name === 'upload' && scenario === 'outage') return failed('ingress_error');
  if (end === 'rejected' && refusal !== undefined) return failed(refusal);
  throw new Error(`${chain.name} under ${scenario}: this was not to end as ${end}`);
}

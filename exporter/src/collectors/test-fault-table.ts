import type { WireFault } from 'fal-simulator';
import { COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';

const MINUTE = 60_000;

/** What a fault does to what is collected. Every collector that is not named has to go on as if nothing were. */
export interface Touch {
  /** Those that cannot read while it lasts, and have to say so. */
  readonly breaks: readonly CollectorName[];
  /** What fal tells in spite of it, or wrongly, so that nobody can do better. */
  readonly tells?: Untruths | undefined;
  /** It concerns what neither collectors nor the traffic of a night ever ask for, so that a shorter night is enough. */
  readonly isDistant?: true;
}

export interface Untruths {
  /** The sum of the month can be read although the rest of usage cannot. */
  readonly month?: true;
  /** Wrong amounts in billing events: what is booked may be too high for good, because a counter cannot fall. */
  readonly wrongAmounts?: true;
  /** Some billing events are not listed, so that only usage knows the whole bill. */
  readonly missingEvents?: true;
  /** Billed ÷ list price, between these two. 1 when all is well. */
  readonly drift?: readonly [least: number, most: number];
  /** How far request history and bill are behind at most, ms. */
  readonly lagMs?: number;
}

const PLATFORM: readonly CollectorName[] = [
  ...(['pricing', 'balance', 'billing-events', 'usage', 'models', 'analytics'] as const),
  ...(['request-history', 'serverless-metrics'] as const),
];
const ADMIN: readonly CollectorName[] = ['balance', 'billing-events', 'usage'];

const NOTHING: Touch = { breaks: [] };
const breaks = (...names: readonly CollectorName[]): Touch => ({ breaks: names });

/** They concern models, or the account in a way that reads do not notice. */
const HARMLESS = [
  ...(['healthy', 'demo', 'one-model-outage', 'flaky', 'slow-inference', 'slow-cold-start'] as const),
  ...(['queue-stall', 'long-queue', 'stuck-in-progress', 'platform-retries', 'fallback-served'] as const),
  ...(['runner-disconnected', 'no-runners', 'startup-timeout', 'generation-timeout'] as const),
  ...(['request-timeout', 'content-policy', 'no-media-generated', 'downstream-unavailable'] as const),
  ...(['locked-with-balance', 'locked-top-up', 'locked-admin', 'locked-payment-method'] as const),
  ...(['locked-user-budget', 'locked-archived', 'locked-unknown', 'locked-reads-too'] as const),
  ...(['locked-queue-held', 'balance-exhausted', 'low-balance', 'one-slot', 'rate-limit-storm'] as const),
  ...(['ingress-html-502', 'hang', 'hang-after-headers', 'reset-after-submit'] as const),
  ...(['host-down-run', 'host-down-queue', 'status-page-incident', 'billing-duplicated'] as const),
  ...(['model-deprecated', 'model-removed', 'unit-changed', 'skipped-states'] as const),
];

/** They spoil outputs, statuses, streams, sockets and webhooks, which nobody here reads. */
const DISTANT = [
  ...([
    'missing-units',
    'absurd-units',
    'non-numeric-units',
    'missing-metrics',
    'null-inference-time',
  ] as const),
  ...([
    'hang-on-status',
    'malformed-json',
    'null-body',
    'empty-body',
    'truncated-body',
    'huge-body',
  ] as const),
  ...(['slow-loris', 'wrong-content-type', 'stream-cut', 'stream-silent', 'stream-ends-early'] as const),
  ...(['stream-invalid-event', 'stream-heartbeats', 'realtime-refused', 'realtime-cut'] as const),
  ...(['realtime-server-error', 'realtime-garbage', 'realtime-silent', 'realtime-slow'] as const),
  ...(['webhook-duplicate', 'webhook-late', 'webhook-out-of-order', 'webhook-bad-signature'] as const),
  ...(['webhook-old-timestamp', 'webhook-payload-error', 'webhook-lost'] as const),
];

// Whoever holds a revoked key is refused everything, what needs no key included.
const KEY_REVOKED = breaks(...PLATFORM.filter((name) => !ADMIN.includes(name)), 'lock');

const SCENARIOS: Readonly<Record<string, Touch>> = {
  ...Object.fromEntries(HARMLESS.map((name) => [name, NOTHING])),
  ...Object.fromEntries(DISTANT.map((name) => [name, { breaks: [], isDistant: true }])),
  'stuck-after-revocation': KEY_REVOKED,
  'key-revoked': KEY_REVOKED,
  'admin-key-revoked': breaks(...ADMIN),
  'insufficient-scope': breaks(...ADMIN),
  outage: breaks('lock'),
  'host-down-rest': breaks('lock'),
  'host-down-platform': breaks(...PLATFORM),
  'host-down-status': breaks('status-page'),
  'platform-hang': breaks(...PLATFORM),
  'platform-rate-limited': breaks(...PLATFORM),
  'billing-events-500': breaks('billing-events'),
  'usage-500': breaks('usage'),
  'balance-unreadable': breaks('balance'),
  'serverless-metrics-huge': breaks('serverless-metrics'),
  'serverless-metrics-garbage': breaks('serverless-metrics'),
  'status-page-html': breaks('status-page'),
  'billing-corrected': { breaks: [], tells: { wrongAmounts: true } },
  'billing-partly-late': { breaks: [], tells: { missingEvents: true } },
  'billing-incomplete': { breaks: [], tells: { missingEvents: true } },
  'late-billing': { breaks: [], tells: { lagMs: 61 * MINUTE } },
  'analytics-stale': { breaks: [], tells: { lagMs: 31 * MINUTE } },
  'price-raised': { breaks: [], tells: { drift: [0.5, 2] } },
  discounted: { breaks: [], tells: { drift: [0.8, 1] } },
};

/**
 * What a scenario of the simulator touches.
 *
 * @throws Error for one that nobody has thought about.
 */
export function touchOfScenario(name: string): Touch {
  const touch = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (touch === undefined) {
    throw new Error(`write down in test-fault-table.ts which collectors the scenario ${name} touches`);
  }
  return touch;
}

export const COLLECTED_HOSTS = ['api.fal.ai', 'rest.fal.ai', 'status.fal.ai'] as const;
export type CollectedHost = (typeof COLLECTED_HOSTS)[number];

const READERS: Readonly<Record<CollectedHost, readonly CollectorName[]>> = {
  'api.fal.ai': PLATFORM,
  'rest.fal.ai': ['lock'],
  'status.fal.ai': ['status-page'],
};

/** A fault on the wire takes all that is read from the host, or nothing, or all but some. */
type Reach = 'all' | 'none' | { readonly allBut: readonly CollectorName[] };

const REACH: Readonly<Record<WireFault, Reach>> = {
  hang: 'all',
  'hang-after-headers': 'all',
  reset: 'all',
  'reset-after': 'all',
  'truncated-body': 'all',
  'malformed-json': 'all',
  'null-body': 'all',
  // fal's metrics of an account without apps are an empty text.
  'empty-body': { allBut: ['serverless-metrics'] },
  // The right answer under a wrong name.
  'wrong-content-type': 'none',
  'ingress-html-502': 'all',
  'ingress-html-503': 'all',
  'ingress-html-504': 'all',
  'huge-body': 'all',
  'slow-loris': 'all',
  error: 'all',
  // They strike streams and sockets only.
  silence: 'none',
  'early-end': 'none',
  'invalid-event': 'none',
  heartbeats: 'none',
  'close-1011': 'none',
};

/** What a fault on the wire of some hosts touches. */
export function touchOfWire(fault: WireFault, hosts: readonly CollectedHost[]): Touch {
  const reach = REACH[fault];
  if (reach === 'none') return NOTHING;
  const spared = reach === 'all' ? [] : reach.allBut;
  return breaks(...hosts.flatMap((host) => READERS[host]).filter((name) => !spared.includes(name)));
}

/** Those that a fault leaves alone. */
export function sparedBy({ breaks: broken }: Touch): readonly CollectorName[] {
  return COLLECTOR_NAMES.filter((name) => !broken.includes(name));
}

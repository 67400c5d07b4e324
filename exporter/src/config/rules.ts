import type { ProbeTier } from '../domain/events.ts';
import { usdFromNano } from '../domain/money.ts';
import { formatDuration } from './duration.ts';
import type { Finding } from './findings.ts';
import { TIER_RULES } from './probe-tiers.ts';
import type { FileDraft } from './schema.ts';

type ProbeDraft = FileDraft['probes'][number];

/** What no option can tell alone: names used twice, a day's budget below an hour's. `given` are the paths that the file has. */
export function checkRules(draft: FileDraft, given: readonly string[]): Finding[] {
  return [
    ...draft.probes.flatMap((probe, index) => checkProbe(probe, `probes[${index}]`)),
    ...repeated({ list: 'probes', key: 'name', values: draft.probes.map(({ name }) => name) }),
    ...repeated({ list: 'endpoints', key: 'id', values: draft.endpoints.map(({ id }) => id) }),
    ...repeated({
      list: 'account.grants',
      key: 'name',
      values: draft.account.grants.map(({ name }) => name),
    }),
    ...checkBudget(draft.budget, given),
    ...checkAccount(draft.account, given),
  ];
}

function checkProbe({ tier, endpoint_id: endpointId, interval }: ProbeDraft, path: string): Finding[] {
  if (tier === undefined) return [];
  return [...checkEndpoint(tier, endpointId, path), ...checkInterval(tier, interval, path)];
}

/** A refused id is absent from a draft as well; the finding about the id itself then stands in for this one. */
function checkEndpoint(tier: ProbeTier, endpointId: string | undefined, path: string): Finding[] {
  if (tier === 'free' || endpointId !== undefined) return [];
  return [
    {
      path: `${path}.endpoint_id`,
      found: 'missing',
      expected: `an endpoint id such as fal-ai/flux/schnell, since the tier is ${tier}`,
    },
  ];
}

function checkInterval(tier: ProbeTier, interval: number | undefined, path: string): Finding[] {
  const { minIntervalMs } = TIER_RULES[tier];
  if (interval === undefined || interval >= minIntervalMs) return [];
  const found = `got ${formatDuration(interval)}`;
  const expected = `at least ${formatDuration(minIntervalMs)} for the tier ${tier}`;
  return [{ path: `${path}.interval`, found, expected }];
}

interface Column {
  readonly list: string;
  readonly key: string;
  readonly values: readonly (string | undefined)[];
}

function repeated({ list, key, values }: Column): Finding[] {
  const first = new Map<string, number>();
  return values.flatMap((value, index) => {
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, index);
      return [];
    }
    const path = `${list}[${index}].${key}`;
    return [{ path, found: `"${value}" again`, expected: `one that ${list}[${earlier}] does not have` }];
  });
}

function checkBudget(budget: FileDraft['budget'], given: readonly string[]): Finding[] {
  const { per_hour_usd: hour, per_day_usd: day, per_month_usd: month } = budget;
  return [
    ...inOrder({ low: hour, high: day, path: 'budget.per_day_usd', than: 'per_hour_usd', given }),
    ...inOrder({ low: day, high: month, path: 'budget.per_month_usd', than: 'per_day_usd', given }),
  ];
}

function checkAccount(account: FileDraft['account'], given: readonly string[]): Finding[] {
  const { critical_balance_usd: critical, low_balance_usd: low } = account;
  const { hourly_budget_usd: hour, monthly_budget_usd: month } = account;
  return [
    ...inOrder({
      ...{ low: critical, high: low, path: 'account.low_balance_usd', than: 'critical_balance_usd', given },
    }),
    ...inOrder({
      ...{ low: hour, high: month, path: 'account.monthly_budget_usd', than: 'hourly_budget_usd', given },
    }),
  ];
}

interface Order {
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** The option that has to be the larger one, and the name of the other. */
  readonly path: string;
  readonly than: string;
  /** Paths of what the file says; the rest are defaults. */
  readonly given: readonly string[];
}

function inOrder({ low, high, path, than, given }: Order): Finding[] {
  if (low === undefined || high === undefined || high >= low) return [];
  const usd = usdFromNano(high);
  const found = given.includes(path) ? `got ${usd}` : `${usd} by default`;
  return [{ path, found, expected: `no less than ${than}, which is ${usdFromNano(low)}` }];
}

import { FAKE_API_KEY } from 'fal-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configOf, GONE_MODEL, modest, OLD_MODEL, spender, stuck, STUCK_MODEL } from './account/accounts.ts';
import { MODEL, SimulatedAccount } from './account/simulated-account.ts';
import { startMeasuredApp, type MeasuredApp } from './app/measured-app.ts';
import type { Incident } from './pagerduty/incidents.ts';
import { startStack, type Stack } from './stack/stack.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Every alert on money, locks, slots and prices, from what happens at a simulated fal through real exporters,
 * Prometheus and Alertmanager to a receiver as strict as PagerDuty, and back. Four accounts are in trouble at the
 * same time; all durations of rules and routes are divided by sixty, an hour is a minute.
 */
const SPEED_UP = 60;
/** From the end of the preparations until the dear minute is more than an hour ago. */
const DEAR_SECONDS = 160;
const HOUR_MS = 3_600_000;

/** Fourteen days are less than six hours here. */
const GRANT = `grants: [{ name: startup, expires: "${new Date(Date.now() + 3 * HOUR_MS).toISOString()}" }]`;

const accounts = {
  spender: new SimulatedAccount(),
  modest: new SimulatedAccount(),
  locked: new SimulatedAccount(),
  default: new SimulatedAccount(),
};
const MODELS_OF_MODEST = [MODEL, OLD_MODEL, GONE_MODEL];

let stack: Stack;
let app: MeasuredApp;
let paying: NodeJS.Timeout;

beforeAll(async () => {
  await Promise.all([
    spender(accounts.spender, DEAR_SECONDS),
    modest(accounts.modest),
    accounts.locked.arrive(),
    stuck(accounts.default),
  ]);
  await Promise.all([
    accounts.spender.watch(
      configOf({ name: 'spender', account: 'hourly_budget_usd: 20, monthly_budget_usd: 30' }),
    ),
    accounts.modest.watch(configOf({ name: 'modest', account: GRANT, endpoints: MODELS_OF_MODEST })),
    accounts.locked.watch(configOf({ name: 'locked' })),
    accounts.default.watch(
      configOf({ name: 'default', account: 'concurrency_limit: 3', endpoints: [MODEL, STUCK_MODEL] }),
    ),
  ]);
  app = await startMeasuredApp({
    simulatorUrl: accounts.default.url,
    falKey: FAKE_API_KEY,
    perSecond: 1,
    endpointIds: [OLD_MODEL],
  });
  paying = setInterval(() => void accounts.default.send(), 2000);
  stack = await startStack({
    speedUp: SPEED_UP,
    apps: [app.target],
    running: [
      accounts.spender.exporter,
      accounts.modest.exporter,
      accounts.locked.exporter,
      accounts.default.exporter,
    ],
  });
}, 120_000);

afterAll(async () => {
  clearInterval(paying);
  app.stop();
  await Promise.all(Object.values(accounts).map((account) => account.stop()));
  await stack.stop();
});

interface Page {
  /** As PagerDuty groups it. */
  readonly account: string;
  readonly alertname: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string | RegExp;
}

function of(
  account: keyof typeof accounts,
  severity: Page['severity'],
  pages: Readonly<Record<string, string | RegExp>>,
): Page[] {
  return Object.entries(pages).map(([alertname, summary]) => ({ account, severity, alertname, summary }));
}

const PAGES: readonly Page[] = [
  ...of('spender', 'critical', {
    FalBalanceCritical: 'your fal account spender is almost empty: 4.00 USD left',
    FalBalanceRunwayCritical: /^your fal account spender runs dry in [34]m \d+s$/,
    FalHourlyBudgetExceeded: /^your fal account spender is over its hourly budget: 6\d[.]\d\d USD$/,
  }),
  ...of('spender', 'warning', {
    FalMonthlyBudgetExceeded: /^your fal account spender is over its monthly budget: \d+[.]00 USD$/,
    FalCreditSpike: /^your fal account spender spends unusually much: 6\d[.]\d\d USD in the last hour$/,
  }),
  ...of('modest', 'warning', {
    FalBalanceLow: 'your fal account modest is low: 12.00 USD left',
    FalBalanceRunwayShort: /^your fal account modest runs dry in 1\d+m \d+s$/,
    FalCreditsExpiring: /^credits of your fal account modest expire in 2h 5\dm \d+s \(startup\)$/,
    FalModelDeprecated: `fal will withdraw ${OLD_MODEL} (account modest)`,
    FalModelMissing: `fal no longer lists ${GONE_MODEL} (account modest)`,
    FalPriceRaised: `fal raised the price of ${MODEL}: 960.00 USD a week more for you (account modest)`,
  }),
  ...of('locked', 'critical', { FalAccountLocked: 'your fal account locked is locked (exhausted_balance)' }),
  ...of('locked', 'warning', {
    FalLockBalanceMismatch: 'your fal account locked is locked with 10000.00 USD on it',
  }),
  ...of('default', 'warning', {
    FalSpendWithoutSuccess: /^your fal account default pays for failures: only .*% succeed$/,
    FalConcurrencySaturated: /^your fal account default uses 1[\d.]+% of its concurrency limit$/,
    FalSlotsStuck: `3 requests to ${STUCK_MODEL} hold slots and do not end (account default)`,
  }),
];

/** Of no account: it speaks of the exporter. */
const STALE: Page = {
  ...{ account: 'fal', alertname: 'FalAccountDataStale', severity: 'warning' },
  summary: /^FalAccountDataStale: 2 firing/,
};

function pagesLike({ account, alertname }: Page): Incident[] {
  return stack.pagerDuty
    .incidents()
    .filter(({ payload }) => payload.class === alertname && payload.group === account);
}

const nameOf = ({ account, alertname }: Page): string => `${alertname} of ${account}`;

/** Which of them are not all as they should be. */
function otherThan(wanted: 'there' | 'resolved', pages: readonly Page[]): string[] {
  return pages
    .filter((page) => {
      const incidents = pagesLike(page);
      const isOver = incidents.every(({ state }) => state === 'resolved');
      return incidents.length === 0 || (wanted === 'resolved' && !isOver);
    })
    .map(nameOf);
}

async function until(wanted: 'there' | 'resolved', withinSeconds: number): Promise<void> {
  const pages = [...PAGES, STALE];
  await waitUntil(
    `every page is ${wanted}`,
    () => (otherThan(wanted, pages).length === 0 ? true : undefined),
    {
      ...{ withinMs: withinSeconds * 1000, everyMs: 250 },
      evidence: () => `not yet: ${otherThan(wanted, pages).join(', ')}\n${told().join('\n')}`,
    },
  );
}

function told(): string[] {
  return stack.pagerDuty
    .incidents()
    .map(({ payload, state }) => `${state}: ${payload.group ?? ''}: ${payload.summary}`);
}

function breakEverything(): void {
  const { modest: changed, locked, default: busy } = accounts;
  changed.model(OLD_MODEL).status = 'deprecated';
  changed.model(GONE_MODEL).status = 'removed';
  changed.model(MODEL).unitPriceNano = 80e9;
  locked.simulator.applyScenario('locked-with-balance');
  locked.simulator.engine.setSwitches({ billingEventsFail: true, usageFails: true });
  busy.simulator.engine.failRate({ endpointId: OLD_MODEL, errorType: 'content_policy_violation', rate: 1 });
}

function healEverything(): void {
  const { spender: rich, modest: changed, locked, default: busy } = accounts;
  for (const { fal, simulator } of [rich, changed]) simulator.engine.topUp(fal.name, 10_000e9);
  rich.configure(configOf({ name: 'spender' }));
  changed.configure(configOf({ name: 'modest', endpoints: MODELS_OF_MODEST }));
  for (const id of [OLD_MODEL, GONE_MODEL]) changed.model(id).status = 'active';
  changed.model(MODEL).unitPriceNano = 40e9;
  locked.simulator.applyScenario('healthy');
  locked.simulator.engine.setSwitches({ billingEventsFail: false, usageFails: false });
  busy.simulator.applyScenario('healthy');
}

test('what goes wrong with money, locks, slots and prices pages once each, with its account and its number', async () => {
  // A price that rose and a model that vanished can only be told by who has seen them before.
  await stack.prometheus.until(
    'min(fal_model_status{account="modest", status="active"}) == 1 and on () fal_model_unit_price_usd{account="modest"} == 40',
    { withinMs: 60_000 },
  );
  breakEverything();
  await until('there', 150);
  const stale = await stack.prometheus.query('ALERTS{alertname="FalAccountDataStale", alertstate="firing"}');
  expect(stale.map(({ labels }) => labels.collector).sort()).toEqual(['billing-events', 'usage']);
  for (const page of PAGES) {
    const [incident, ...more] = pagesLike(page);
    expect(more, nameOf(page)).toEqual([]);
    expect(incident, nameOf(page)).toMatchObject({ state: 'open', severity: page.severity });
    expect(incident?.urgency, nameOf(page)).toBe(page.severity === 'critical' ? 'high' : 'low');
    expect(incident?.payload.summary).toMatch(page.summary);
    const links = incident?.links.map(({ href }) => href) ?? [];
    expect(links, nameOf(page)).toContainEqual(expect.stringMatching(new RegExp(`/${page.alertname}$`)));
  }
}, 220_000);

/** Warnings that may be sent a moment before the critical alert that holds them back is there. */
const HERALDS = ['FalBalanceRunwayShort of spender', 'FalBalanceLow of spender'];

test('each page is resolved once the account is well again, and nothing else had been sent', async () => {
  healEverything();
  await until('resolved', 150);
  // Meta alerts aside: where a minute is a second, an exporter is absent before its first scrape.
  const sent = stack.pagerDuty
    .incidents()
    .filter(({ payload }) => payload.group !== 'fal')
    .map(({ payload }) => `${payload.class ?? ''} of ${payload.group ?? ''}`)
    .filter((name) => !HERALDS.includes(name));
  expect(sent.sort()).toEqual(PAGES.map(nameOf).sort());
}, 180_000);

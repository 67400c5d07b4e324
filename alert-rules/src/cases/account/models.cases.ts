import { type Level, levels, levelsEvery, ofExporter, together } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';

const MODEL = 'fal-ai/flux/dev';
const AGAIN = '10.0.0.8:10464';

interface Story {
  readonly alert: string;
  readonly status: 'deprecated' | 'missing';
  readonly fault: string;
  readonly summary: string;
  readonly description: string;
}

const DEPRECATED: Story = {
  ...{ alert: 'FalModelDeprecated', status: 'deprecated', fault: 'a model is called deprecated' },
  summary: `fal will withdraw ${MODEL} (account prod)`,
  description: `fal’s catalogue calls ${MODEL} deprecated (account prod). It works until it is withdrawn, and nobody says when. Plan the move to its successor: the page of the model at fal.ai names it.`,
};

const MISSING: Story = {
  ...{ alert: 'FalModelMissing', status: 'missing', fault: 'a model is gone from the catalogue' },
  summary: `fal no longer lists ${MODEL} (account prod)`,
  description: `fal’s catalogue does not list ${MODEL} (account prod): it was withdrawn or renamed, is private, or its id is mistyped in the configuration. Calls of a withdrawn model fail with 404: look at its error ratio, and move to its successor.`,
};

/** When the catalogue says so of the model; else it is active. */
function told(
  { status }: Story,
  those: readonly Level[],
  { endpointId = MODEL, instance = '10.0.0.9:10464' } = {},
): InputSeries {
  const labels = { account: 'prod', endpoint_id: endpointId, instance };
  const otherwise = those.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : 1 - value]);
  const rest = status === 'missing' ? 'deprecated' : 'missing';
  return {
    [ofExporter('fal_model_status', { ...labels, status })]: levels(...those),
    [ofExporter('fal_model_status', { ...labels, status: 'active' })]: levels(...otherwise),
    [ofExporter('fal_model_status', { ...labels, status: rest })]: levels(
      ...those.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : 0]),
    ),
  };
}

const FOR_HALF_AN_HOUR: readonly Level[] = [
  [10, 0],
  [30, 1],
  [20, 0],
];

function isTold(story: Story): RuleCase[] {
  const { alert, fault, summary, description } = story;
  const firing: Firing = {
    labels: {
      ...{ severity: 'warning', scope: 'account', job: 'fal-exporter', account: 'prod' },
      endpoint_id: MODEL,
    },
    ...{ summary, description },
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  };
  return [
    {
      ...{ alert, kind: 'fires', name: 'ten minutes after the catalogue says so, once for two exporters' },
      fault,
      series: together(
        told(story, FOR_HALF_AN_HOUR),
        told(story, FOR_HALF_AN_HOUR, { instance: AGAIN }),
        told(story, [[60, 0]], { endpointId: 'fal-ai/veo3' }),
      ),
      faultAt: 600,
      firesAfter: 615,
      firing: [firing],
    },
    {
      ...{ alert, kind: 'fires', name: 'although a scrape fails in between' },
      series: told(story, [
        [10, 0],
        [5, 1],
        [0.25, 'gone'],
        [20, 1],
      ]),
      faultAt: 600,
      firesAfter: 615,
      firing: [firing],
    },
  ];
}

function isNotTold(story: Story): RuleCase[] {
  const { alert, fault, status } = story;
  return [
    {
      ...{ alert, kind: 'silent below', name: 'a reading that is put right within ten minutes' },
      series: told(story, [
        [10, 0],
        [10, 1],
        [20, 0],
      ]),
      until: 2400,
    },
    {
      ...{ alert, kind: 'silent otherwise', name: `a model that is not ${status}, but the other` },
      series: told(story === MISSING ? DEPRECATED : MISSING, FOR_HALF_AN_HOUR),
      until: 3600,
    },
    {
      ...{ alert, kind: 'resolves', name: 'when the catalogue lists it as active again' },
      fault,
      series: told(story, FOR_HALF_AN_HOUR),
      firingAt: 2400,
      healedAt: 2400,
      resolvesAfter: 15,
    },
    {
      ...{ alert, kind: 'resolves', name: 'five minutes after the model is no longer configured' },
      series: told(story, [
        [40, 1],
        [20, 'gone'],
      ]),
      firingAt: 2400,
      healedAt: 2400,
      resolvesAfter: 315,
    },
  ];
}

const WEEK_HOURS = 7 * 24;
const HOURLY = 3600;

/** Scraped once an hour, for what takes weeks. */
const missingFor = (...hours: readonly (readonly [hours: number, value: number])[]): InputSeries => ({
  [ofExporter('fal_model_status', { account: 'prod', endpoint_id: MODEL, status: 'missing' })]: levelsEvery(
    HOURLY,
    ...hours.map(([long, value]): Level => [long * 60, value]),
  ),
});

const weeks: readonly RuleCase[] = [
  {
    ...{ alert: MISSING.alert, step: HOURLY, kind: 'resolves' },
    name: 'after a week, when everybody knows: a private app is never listed',
    series: missingFor([24, 0], [2 * WEEK_HOURS, 1]),
    firingAt: 48 * 3600,
    healedAt: 25 * 3600,
    resolvesAfter: WEEK_HOURS * 3600,
  },
];

const RAISED = 'FalPriceRaised';
const DAY = 1440;
const step = 300;
const PROD = { account: 'prod', endpoint_id: MODEL };

function raised(usd: string | undefined): Firing {
  const labels = { severity: 'warning', scope: 'account', job: 'fal-exporter', ...PROD };
  const dashboardUrl = 'http://localhost:3000/d/fal-credits?var-account=prod';
  if (usd === undefined)
    return {
      labels: { ...labels, effect: 'unknown' },
      summary: `fal raised the price of ${MODEL} (account prod)`,
      description: `fal raised the list price of ${MODEL}. What that means for you is not known, because the exporter cannot read the usage of the account prod: that takes an ADMIN key. The status page of the exporter tells old and new price. This goes by itself a day after the change.`,
      dashboardUrl,
    };
  return {
    labels,
    summary: `fal raised the price of ${MODEL}: ${usd} USD a week more for you (account prod)`,
    description: `The list price of ${MODEL} changed. A week with your usage of the last seven days costs ${usd} USD more (account prod). The status page of the exporter tells old and new price. This goes by itself seven days after the change.`,
    dashboardUrl,
  };
}

/** Dollars a week more since the price changes of the last seven days. */
function weekly(...those: readonly Level[]): InputSeries {
  return { [ofExporter('fal_model_price_change_weekly_usd', PROD)]: levels(...those) };
}

/** Changes that an exporter has seen since it started, of each kind. */
function moves(
  kind: 'raised' | 'lowered',
  those: readonly Level[],
  { instance = '10.0.0.9:10464' } = {},
): InputSeries {
  const of = (move: string): string =>
    ofExporter('fal_model_price_changes_total', { ...PROD, instance, move });
  const never = those.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : 0]);
  return Object.fromEntries(
    ['raised', 'lowered', 'unit', 'withdrawn'].map((move) => [
      of(move),
      levelsEvery(step, ...(move === kind ? those : never)),
    ]),
  );
}

const DEARER = 'a price is raised, dearer by 5 USD a week';
const UNKNOWN = 'a price is raised, usage unknown';
const ONCE: readonly Level[] = [
  [DAY, 0],
  [2 * DAY, 1],
];

const priceCases: readonly RuleCase[] = [
  {
    ...{ alert: RAISED, kind: 'fires', name: 'at once, when a week costs 5 USD more' },
    fault: DEARER,
    series: together(weekly([10, 'gone'], [30, 5], [20, 'gone'])),
    faultAt: 600,
    firesAfter: 15,
    firing: [raised('5.00')],
  },
  {
    ...{ alert: RAISED, kind: 'fires', name: 'without the dollars, when nobody knows the usage', step },
    fault: UNKNOWN,
    series: together(moves('raised', ONCE), moves('raised', ONCE, { instance: AGAIN })),
    faultAt: DAY * 60,
    firesAfter: step,
    firing: [raised(undefined)],
  },
  {
    ...{ alert: RAISED, kind: 'fires', name: 'a raise in the first hours of an exporter', step },
    series: moves('raised', [
      [60, 0],
      [DAY, 1],
    ]),
    faultAt: 3600,
    firesAfter: step,
    firing: [raised(undefined)],
  },
  {
    ...{ alert: RAISED, kind: 'silent below', name: 'a raise that costs 4.99 USD a week', step },
    series: together(moves('raised', ONCE), {
      [ofExporter('fal_model_price_change_weekly_usd', PROD)]: levelsEvery(
        step,
        [DAY - 5, 'gone'],
        [2 * DAY + 5, 4.99],
      ),
    }),
    until: 2 * DAY * 60,
  },
  {
    ...{ alert: RAISED, kind: 'silent otherwise', name: 'a price that was lowered', step },
    series: together(moves('lowered', ONCE)),
    until: 2 * DAY * 60,
  },
  {
    ...{ alert: RAISED, kind: 'silent otherwise', name: 'a week that costs less' },
    series: weekly([10, 'gone'], [30, -50]),
    until: 2400,
  },
  {
    ...{
      alert: RAISED,
      kind: 'survives a counter reset',
      name: 'an exporter that restarts a day after a raise',
      step,
    },
    series: moves('raised', [
      [60, 0],
      [DAY + 60, 1],
      [10, 'gone'],
      [DAY, 0],
    ]),
    until: 2 * DAY * 60,
    firesBetween: [3900, 90_000],
  },
  {
    ...{ alert: RAISED, kind: 'resolves', name: 'when the change is older than a week, or was taken back' },
    fault: DEARER,
    series: weekly([10, 'gone'], [30, 5], [20, 0]),
    firingAt: 2400,
    healedAt: 2400,
    resolvesAfter: 15,
  },
  {
    ...{ alert: RAISED, kind: 'resolves', name: 'a day after a raise of unknown effect', step },
    fault: UNKNOWN,
    series: moves('raised', ONCE),
    firingAt: 2 * DAY * 60,
    healedAt: DAY * 60,
    resolvesAfter: DAY * 60 + step,
  },
];

export const MODELS: readonly RuleCase[] = [
  ...[DEPRECATED, MISSING].flatMap((story) => [...isTold(story), ...isNotTold(story)]),
  ...weeks,
  ...priceCases,
];

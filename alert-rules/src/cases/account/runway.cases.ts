import { type Level, levels, ofExporter } from '../exporter-series.ts';
import type { Firing, InputSeries, RuleCase } from '../rule-case.ts';

const HOUR = 3600;

interface Mark {
  readonly alert: string;
  readonly severity: 'warning' | 'critical';
  readonly hours: number;
  readonly advice: string;
}

const SHORT: Mark = {
  ...{ alert: 'FalBalanceRunwayShort', severity: 'warning', hours: 24 },
  advice: 'Top up before the night.',
};

const CRITICAL: Mark = {
  ...{ alert: 'FalBalanceRunwayCritical', severity: 'critical', hours: 6 },
  advice: 'Top up now.',
};

/** As two exporters of the account know it; the second one thinks that it lasts twice as long. */
function runway(...those: readonly Level[]): InputSeries {
  const twice = those.map(([minutes, value]): Level => [minutes, value === 'gone' ? value : 2 * value]);
  const account = 'prod';
  return {
    [ofExporter('fal_account_runway_seconds', { account })]: levels(...those),
    [ofExporter('fal_account_runway_seconds', { account, instance: '10.0.0.8:10464' })]: levels(...twice),
  };
}

function firing({ severity, advice }: Mark, left: string): Firing {
  return {
    labels: { severity, scope: 'account', job: 'fal-exporter', account: 'prod' },
    summary: `your fal account prod runs dry in ${left}`,
    description: `At the pace of the last hour the money of the account prod lasts ${left}. ${advice} Compare the burn rate with what is usual: a spike may be a retry storm, a batch job or a leaked key.`,
    dashboardUrl: 'http://localhost:3000/d/fal-credits?var-account=prod',
  };
}

const limitOf = ({ hours }: Mark): number => hours * HOUR;
const faultOf = ({ hours }: Mark): string => `money lasts less than ${hours} h`;
const runsDry = (mark: Mark): InputSeries =>
  runway([10, 200 * HOUR], [30, limitOf(mark) - HOUR], [20, 200 * HOUR]);

function speaks(mark: Mark): RuleCase[] {
  const { alert, hours } = mark;
  return [
    {
      ...{ alert, kind: 'fires', name: `less than ${hours} hours are left for fifteen minutes` },
      fault: faultOf(mark),
      series: runsDry(mark),
      faultAt: 600,
      firesAfter: 915,
      firing: [firing(mark, `${hours - 1}h 0m 0s`)],
    },
    {
      ...{ alert, kind: 'fires', name: 'nothing is left, and a failed scrape does not delay it' },
      series: runway([10, 200 * HOUR], [5, 0], [0.25, 'gone'], [20, 0]),
      faultAt: 600,
      firesAfter: 915,
      firing: [firing(mark, '0s')],
    },
    {
      ...{ alert, kind: 'resolves', name: 'with a top-up' },
      fault: faultOf(mark),
      series: runsDry(mark),
      firingAt: 2400,
      healedAt: 2400,
      resolvesAfter: 15,
    },
    {
      ...{ alert, kind: 'resolves', name: 'five minutes after nothing is spent any more' },
      series: runway([40, 60], [20, 'gone']),
      firingAt: 2400,
      healedAt: 2400,
      resolvesAfter: 315,
    },
  ];
}

function staysSilent(mark: Mark): RuleCase[] {
  const { alert, hours } = mark;
  return [
    {
      ...{ alert, kind: 'silent below', name: `exactly ${hours} hours are left` },
      series: runway([40, limitOf(mark)]),
      until: 2400,
    },
    {
      ...{ alert, kind: 'silent below', name: 'a batch job of a quarter of an hour' },
      series: runway([10, 200 * HOUR], [15, 60], [20, 200 * HOUR]),
      until: 2700,
    },
    {
      ...{ alert, kind: 'silent otherwise', name: 'nothing is spent, so there is no runway' },
      series: { [ofExporter('fal_account_balance_usd', { account: 'prod' })]: levels([40, 1]) },
      until: 2400,
    },
  ];
}

export const RUNWAY: readonly RuleCase[] = [SHORT, CRITICAL].flatMap((mark) => [
  ...speaks(mark),
  ...staysSilent(mark),
]);

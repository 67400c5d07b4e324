import { type Level, levels, ofExporter } from '../exporter-series.ts';
import type { InputSeries, RuleCase } from '../rule-case.ts';

const alert = 'FalStatusIncident';

/** Open incidents by impact, as two exporters read them; what is not named is 0 as long as the page can be read. */
function incidents(those: Readonly<Record<string, readonly Level[]>>): InputSeries {
  const impacts = ['none', 'minor', 'major', 'critical'];
  return Object.fromEntries(
    impacts.flatMap((impact) =>
      ['10.0.0.8:10464', '10.0.0.9:10464'].map((instance) => [
        ofExporter('fal_status_incident', { impact, instance }),
        levels(...(those[impact] ?? [[40, 0]])),
      ]),
    ),
  );
}

const MAJOR = incidents({
  major: [
    [10, 0],
    [10, 2],
    [20, 0],
  ],
});

export const STATUS_INCIDENT: readonly RuleCase[] = [
  {
    ...{ alert, kind: 'fires', name: 'at once, with the number of incidents of that impact' },
    fault: 'incident on the status page',
    series: MAJOR,
    faultAt: 600,
    firesAfter: 15,
    firing: [
      {
        labels: { severity: 'info', scope: 'platform', impact: 'major' },
        summary: 'status.fal.ai reports an incident (major)',
        description:
          'fal’s own status page reports 2 open incident(s) of impact major. It lags behind by minutes and covers more than what you use: compare with your own traffic and the probes before you act.',
        dashboardUrl: 'http://localhost:3000/d/fal-overview',
      },
    ],
  },
  {
    ...{ alert, kind: 'silent below', name: 'an incident without an impact' },
    series: incidents({ none: [[40, 3]] }),
    until: 2400,
  },
  {
    ...{ alert, kind: 'silent without enough traffic', name: 'the page cannot be read, so nothing is known' },
    series: { [ofExporter('fal_status_page_up')]: levels([20, 0]) },
    until: 1200,
  },
  {
    ...{ alert, kind: 'resolves', name: 'with the incident' },
    fault: 'incident on the status page',
    series: MAJOR,
    firingAt: 1200,
    healedAt: 1200,
    resolvesAfter: 15,
  },
  {
    ...{
      alert,
      kind: 'resolves',
      name: 'five minutes after the page became unreadable, and not by one failed scrape',
    },
    series: incidents({
      major: [
        [5, 1],
        [1, 'gone'],
        [4, 1],
        [20, 'gone'],
      ],
    }),
    firingAt: 330,
    healedAt: 600,
    resolvesAfter: 315,
  },
];

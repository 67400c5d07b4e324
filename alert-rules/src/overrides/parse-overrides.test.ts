import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { anyOverrides } from '../../assertions/any-overrides.ts';
import { ALERTS } from '../catalogue.ts';
import { buildPack } from '../pack.ts';
import { defaultSettings, type Settings } from '../settings.ts';
import { exampleFile } from './example.ts';
import { ORDERS } from './orders.ts';
import { parseOverrides } from './parse-overrides.ts';
import { problemLine, problemsText } from './problem.ts';

function settingsOf(text: string): Settings {
  const parsed = parseOverrides(text, 'fal-alerts.yml');
  if ('problems' in parsed) throw new Error(problemsText(parsed.problems));
  return parsed.settings;
}

function problemsOf(text: string): string[] {
  const parsed = parseOverrides(text, 'f');
  return 'problems' in parsed ? parsed.problems.map(problemLine) : [];
}

const alerts = (body: string): string => `alerts: { ${body} }`;

describe('an override file', () => {
  test.each(['', '\n', '# only a comment\n', '---\n', 'alerts:\njobs:\nlinks:\n', '{}'])(
    'that says nothing (%j) leaves the defaults',
    (text) => {
      expect(settingsOf(text)).toEqual(defaultSettings());
    },
  );

  test('changes what it names and nothing else', () => {
    const settings = settingsOf(
      [
        'alerts:',
        '  FalErrorRateHigh: { threshold: 3%, for: 10m, severity: critical, min_requests: 50, keep_firing_for: 1h30m }',
        '  FalHourlyBudgetExceeded: { threshold: $25 }',
        '  FalErrorRateCritical: { keep_firing_for: 0s }',
        'jobs: { app: my-app|worker }',
        'links: { runbooks: "https://wiki.example/fal/" }',
      ].join('\n'),
    );
    const defaults = defaultSettings();
    const rate = defaults.alerts.get('FalErrorRateHigh');
    expect(settings.alerts.get('FalErrorRateHigh')).toEqual({
      enabled: true,
      severity: 'critical',
      forSeconds: 600,
      keepFiringForSeconds: 5400,
      values: { ...rate?.values, threshold: 0.03, min_requests: 50 },
    });
    expect(settings.alerts.get('FalHourlyBudgetExceeded')).toMatchObject({
      enabled: true,
      values: { threshold: 25 },
    });
    expect(settings.alerts.get('FalErrorRateCritical')?.keepFiringForSeconds).toBeUndefined();
    expect(settings.alerts.get('FalTimeouts')).toEqual(defaults.alerts.get('FalTimeouts'));
    expect(settings.alerts.size).toBe(ALERTS.length);
    expect(settings.jobs).toEqual({ ...defaults.jobs, app: 'my-app|worker' });
    expect(settings.links).toEqual({ ...defaults.links, runbooks: 'https://wiki.example/fal' });
  });

  test('that is valid in any way means what it says, and gives a pack', () => {
    fc.assert(
      fc.property(anyOverrides(), ({ written, meant }) => {
        const settings = settingsOf(stringify(written));
        expect(settings).toEqual(meant);
        expect(buildPack({ settings }).length).toBeGreaterThan(0);
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  test('that is junk gives problems or settings, and never an exception', () => {
    const word = fc.constantFrom(
      'alerts',
      'FalErrorRateHigh',
      'threshold',
      ': ',
      '{',
      '}',
      '[',
      '\n',
      '  ',
      '- ',
      '&a',
      '*a',
      '<<',
      '"',
      '5%',
      '!!',
      '|',
      '? ',
      '#',
      ',',
      '\t',
      '\0',
      '%YAML',
      '---',
    );
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
      fc.json(),
      fc.object().map((object) => stringify({ alerts: object, jobs: object, links: object })),
      fc
        .anything()
        .map(
          (value) =>
            JSON.stringify(
              { alerts: { FalErrorRateHigh: { threshold: value, for: value, severity: value } } },
              (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each),
            ) ?? '',
        ),
    );
    fc.assert(
      fc.property(junk, (text) => {
        const parsed = parseOverrides(text, 'fal-alerts.yml');
        if ('settings' in parsed) expect(buildPack(parsed).length).toBeGreaterThan(0);
        else expect(parsed.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  }, 30_000);

  test('of a hundred thousand brackets, or of aliases of aliases, is refused and not followed', () => {
    expect(problemsOf('['.repeat(100_000))).not.toEqual([]);
    expect(problemsOf('a: &a [*a, *a]\nalerts: *a')).not.toEqual([]);
  });

  test('tells all its problems at once, in the order of the text, with the place of each', () => {
    const text = [
      'alert: {}',
      'alerts:',
      '  FalErorRateHigh: { enabled: false }',
      '  FalErrorRateHigh:',
      '    treshold: 3%',
      '    for: 5',
      "jobs: { exporter: 'a\"b' }",
      'links: { runbooks: wiki }',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'f:1:1 alert: unknown section, expected alerts, jobs, links; did you mean alerts?',
      'f:3:3 alerts.FalErorRateHigh: unknown alert; did you mean FalErrorRateHigh?',
      'f:5:5 alerts.FalErrorRateHigh.treshold: unknown setting of FalErrorRateHigh, expected enabled, severity, for, keep_firing_for, threshold, min_requests, min_failures; did you mean threshold?',
      'f:6:10 alerts.FalErrorRateHigh.for: got 5, expected a duration with its unit from 0s to 6h for severity warning; did you mean 5s?',
      'f:7:19 jobs.exporter: got "a\\"b", expected the name of a job, or a regular expression such as my-app|worker, of letters, digits, spaces and _ . : / - | ( ) [ ] * + ?',
      'f:8:20 links.runbooks: got "wiki", expected an http or https URL without query, such as https://wiki.example/fal',
    ]);
  });
});

const REFUSED: readonly (readonly [why: string, text: string, says: string | RegExp])[] = [
  [
    'an unknown alert under the name of none',
    alerts('Bananas: { enabled: true }'),
    'fal-alert-rules list shows all names',
  ],
  ['an alert outside its section', 'FalSlowBurn: { enabled: true }', 'alerts stand under alerts:'],
  [
    'a share above 1',
    alerts('FalErrorRateHigh: { threshold: 5 }'),
    'got 5, expected a share from 0.01% to 99.99%, such as 3% or 0.03; did you mean 5%?',
  ],
  ['a share of nothing', alerts('FalErrorRateHigh: { threshold: 0% }'), 'got "0%"'],
  ['a share of everything', alerts('FalErrorRateHigh: { threshold: 100% }'), 'got "100%"'],
  ['a negative share', alerts('FalErrorRateHigh: { threshold: -0.1 }'), 'got -0.1'],
  ['a share that is no number', alerts('FalErrorRateHigh: { threshold: .nan }'), 'got NaN'],
  ['an infinite share', alerts('FalErrorRateHigh: { threshold: .inf }'), 'got Infinity'],
  ['a share as a duration', alerts('FalErrorRateHigh: { threshold: 5m }'), 'got "5m"'],
  ['a number in quotes', alerts('FalErrorRateHigh: { min_requests: "20" }'), 'write it without quotes'],
  [
    'half a request',
    alerts('FalErrorRateHigh: { min_requests: 2.5 }'),
    'got 2.5, expected a whole number from 1 to 1000000',
  ],
  ['no requests', alerts('FalErrorRateHigh: { min_requests: 0 }'), 'got 0'],
  ['seconds without unit', alerts('FalLatencyP95High: { threshold: 60 }'), 'did you mean 60s?'],
  ['seconds in quotes without unit', alerts('FalLatencyP95High: { threshold: "60" }'), 'did you mean 60s?'],
  ['a limit above what the histogram knows', alerts('FalLatencyP95High: { threshold: 2h }'), 'from 1s to 1h'],
  ['units in the wrong order', alerts('FalLatencyP95High: { threshold: 30s1m }'), 'got "30s1m"'],
  ['money in per cent', alerts('FalBalanceLow: { threshold: 20% }'), 'did you mean 20?'],
  ['a factor with its sign', alerts('FalCreditSpike: { times_usual: 3x }'), 'did you mean 3?'],
  ['money per day', alerts('FalCreditSpike: { min_per_hour: $5/d }'), 'such as 5 or $5/h'],
  ['a list instead of a number', alerts('FalErrorRateHigh: { threshold: [0.1] }'), 'got a list'],
  ['a mapping instead of a number', alerts('FalErrorRateHigh: { threshold: { a: 1 } }'), 'got a mapping'],
  ['nothing instead of a number', alerts('FalErrorRateHigh: { threshold: }'), 'got nothing'],
  ['an alias instead of a number', 'links: &a {}\nalerts: { FalErrorRateHigh: *a }', 'got an alias'],
  [
    'a switch instead of a mapping',
    alerts('FalErrorRateHigh: false'),
    'got false, expected a mapping such as { ',
  ],
  ['an alert without anything', alerts('FalErrorRateHigh: '), 'got nothing, expected a mapping such as { '],
  ['a list of alerts', 'alerts: [FalSlowBurn]', 'alerts: got a list, expected a mapping'],
  [
    'a switch that is no switch',
    alerts('FalErrorRateHigh: { enabled: yes }'),
    'got "yes", expected true or false',
  ],
  [
    'a budget of nothing',
    alerts('FalHourlyBudgetExceeded: { threshold: 0 }'),
    'got 0, expected US dollars from $0.01 to $10000000',
  ],
  [
    'a queue wait between two bounds of the histogram',
    alerts('FalQueueWaitHigh: { threshold: 200s }'),
    'got "200s", expected one of 30s, 45s, 1m, 90s, 2m, 3m, 4m, 5m,',
  ],
  [
    'a severity outside the list',
    alerts('FalErrorRateHigh: { severity: crtical }'),
    'expected critical, warning or info; did you mean critical?',
  ],
  [
    'the severity of the dead-man switch',
    alerts('FalErrorRateHigh: { severity: none }'),
    'expected critical, warning or info',
  ],
  ['a severity for the dead-man switch', alerts('Watchdog: { severity: critical }'), 'expected none'],
  [
    'a page that waits for hours',
    alerts('FalErrorRateCritical: { for: 2h }'),
    'from 0s to 30m for severity critical',
  ],
  ['a negative for', alerts('FalErrorRateHigh: { for: -5m }'), 'got "-5m"'],
  ['a for below a millisecond', alerts('FalErrorRateHigh: { for: 5ms }'), 'got "5ms"'],
  ['a page for every restart', alerts('FalExporterAbsent: { for: 15s }'), 'from 30s to 30m'],
  ['a for that would have no effect', alerts('FalFastBurn: { for: 5m }'), 'each of its windows has its own'],
  ['an incident without end', alerts('FalTimeouts: { keep_firing_for: 2d }'), 'from 0s to 1d'],
  [
    'a critical threshold below the warning',
    alerts('FalErrorRateCritical: { threshold: 4% }'),
    'FalErrorRateHigh.threshold is 5% and FalErrorRateCritical.threshold is 4%, expected the first below the second',
  ],
  [
    'a warning threshold at the critical one',
    alerts('FalErrorRateHigh: { threshold: 25% }'),
    'expected the first below the second',
  ],
  [
    'a critical balance above the low one',
    alerts('FalBalanceCritical: { threshold: 50 }'),
    'FalBalanceCritical.threshold is $50 and FalBalanceLow.threshold is $20',
  ],
  [
    'a critical runway above the warning',
    alerts('FalBalanceRunwayShort: { threshold: 1h }'),
    'FalBalanceRunwayCritical.threshold is 6h and FalBalanceRunwayShort.threshold is 1h',
  ],
  [
    'a key that stands twice',
    'alerts:\n  FalTimeouts: { enabled: false }\n  FalTimeouts: { enabled: true }',
    'f:3:3 this key stands twice in the same mapping; keep one of them',
  ],
  ['a section that stands twice', 'alerts: {}\nalerts: {}', 'f:2:1 this key stands twice'],
  ['a list at the top', '- alerts', 'got a list, expected a mapping with alerts, jobs, links'],
  ['a text at the top', 'alerts', 'got "alerts", expected a mapping'],
  ['several documents', 'alerts: {}\n---\njobs: {}', 'got several YAML documents'],
  ['broken YAML', 'alerts: { FalErrorRateHigh: { threshold: 5 }', 'this is not valid YAML'],
  [
    'a file that is too large',
    `# ${'x'.repeat(256 * 1024)}`,
    'got 257 KB, expected an override file of at most 256 KB',
  ],
  [
    'an unknown job',
    'jobs: { apps: a }',
    'unknown key of jobs, expected exporter, drill, app, alertmanager, prometheus; did you mean app?',
  ],
  ['a job that ends its string', `jobs: { app: 'a"} or vector(1) #' }`, 'of letters, digits'],
  ['a job with a line break', 'jobs: { app: "a\\nb" }', 'of letters, digits'],
  ['a job with a backslash', 'jobs: { app: "a\\\\.b" }', 'write [.] for a dot'],
  ['a job with anchors', 'jobs: { app: ^a$ }', 'leave ^ and $ out'],
  ['a job that is no regular expression', 'jobs: { app: "a(b" }', 'expected a valid regular expression'],
  ['a job that only JavaScript can read', 'jobs: { app: "(?=a)b" }', 'of letters, digits'],
  ['a class that only JavaScript can read', 'jobs: { app: "a[]b" }', 'of letters, digits'],
  ['a job that matches what has none', 'jobs: { app: ".*" }', 'write .+ for any job'],
  ['an empty job', 'jobs: { app: "" }', 'expected the name of a job'],
  ['a job that is a number', 'jobs: { app: 5 }', 'got 5, expected the name of a job'],
  ['a job of a thousand letters', `jobs: { app: ${'a'.repeat(1000)} }`, 'of at most 200 characters'],
  ['a link that is none', 'links: { dashboards: /d }', 'expected an http or https URL'],
  ['a link into a script', 'links: { dashboards: "javascript:alert(1)" }', 'expected an http or https URL'],
  [
    'a link with a template',
    'links: { dashboards: "https://a/{{ $value }}" }',
    'expected an http or https URL',
  ],
  [
    'a link with a query, before the name of the alert',
    'links: { runbooks: "https://a/?page=" }',
    'expected an http or https URL without query',
  ],
  ['an unknown link', 'links: { runbook: https://a }', 'did you mean runbooks?'],
];

describe('refused, saying what to write instead, is', () => {
  test.each(REFUSED)('%s', (_, text, says) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
  });

  test('a password in a link, without repeating it', () => {
    const problems = problemsOf('links: { runbooks: "https://me:secret@wiki/fal" }');
    expect(problems.join()).toContain('got a URL with @');
    expect(problems.join()).not.toContain('secret');
  });
});

describe('two thresholds in the wrong order', () => {
  test('are no problem while one of the alerts is switched off', () => {
    expect(problemsOf(alerts('FalErrorRateCritical: { threshold: 4%, enabled: false }'))).toEqual([]);
  });

  test('are none when both move', () => {
    expect(
      problemsOf(alerts('FalErrorRateHigh: { threshold: 2% }, FalErrorRateCritical: { threshold: 4% }')),
    ).toEqual([]);
  });

  test('name parameters that exist, and the defaults are in order', () => {
    for (const [alert, parameter] of ORDERS.flatMap(({ lower, higher }) => [lower, higher])) {
      expect(ALERTS.find(({ name }) => name === alert)?.parameters).toHaveProperty(parameter);
    }
    expect(
      problemsOf(
        stringify({
          alerts: Object.fromEntries(ORDERS.map(({ lower: [name] }) => [name, { enabled: true }])),
        }),
      ),
    ).toEqual([]);
  });
});

describe('the reference of override files', () => {
  test('is an override file that changes nothing', () => {
    expect(settingsOf(exampleFile().text)).toEqual(defaultSettings());
  });

  test('names every alert with every setting', () => {
    const { text } = exampleFile();
    for (const { name, parameters } of ALERTS) {
      const section = text.split(`\n  ${name}:\n`)[1]?.split('\n\n')[0] ?? '';
      for (const key of ['enabled', 'severity', 'keep_firing_for', ...Object.keys(parameters)]) {
        expect(section, name).toMatch(new RegExp(`^    (# )?${key}: `, 'm'));
      }
    }
  });
});

test('no parameter is named like a setting that every alert has', () => {
  const taken = ALERTS.flatMap(({ parameters }) => Object.keys(parameters)).filter((name) =>
    ['enabled', 'severity', 'for', 'keep_firing_for'].includes(name),
  );
  expect(taken).toEqual([]);
});

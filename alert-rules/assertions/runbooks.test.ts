import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ERROR_TYPES } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { METRICS } from '../../exporter/src/metrics/catalogue.ts';
import type { DashboardUid } from '../src/alert.ts';
import { ALERTS } from '../src/catalogue.ts';
import { factsOf, inWords, meaningOf } from '../src/meaning.ts';
import { packUnderTest } from '../src/cases/rules-under-test.ts';
import { isAlert } from './pack-facts.ts';
import { complaintsAbout, labelsOfSeries } from './query-checks.ts';
import { readRunbooks, type RunbookPage, runbookPage } from './runbook-page.ts';

const HEADINGS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'Verification', 'Escalation'];
const INDEX = 'README';
const LONGEST = 100;

const ALL = readRunbooks();
const PAGES = ALL.filter(({ name }) => name !== INDEX);
const RULES = packUnderTest()
  .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
  .filter(isAlert);

/** Collects over all pages, so that one run shows everything that is wrong. */
function complaints(
  check: (page: RunbookPage) => readonly string[],
  pages: readonly RunbookPage[] = PAGES,
): string[] {
  return pages.flatMap((page) => check(page).map((complaint) => `${page.name}: ${complaint}`));
}

function section(page: RunbookPage, wanted: string): string {
  return page.sections.find(({ heading }) => heading === wanted)?.text ?? '';
}

describe('alerts and runbooks', () => {
  test('belong together one to one', () => {
    expect(PAGES.map(({ name }) => name).sort()).toEqual(ALERTS.map(({ name }) => name).sort());
  });

  test('are linked by every rule', () => {
    for (const { alert, annotations } of RULES)
      expect(annotations.runbook_url).toMatch(new RegExp(`/${alert}$`));
  });

  test('are all in the index, each in the words of its rule', () => {
    const index = ALL.find(({ name }) => name === INDEX)?.text ?? '';
    for (const definition of ALERTS) {
      const rows = index
        .split('\n')
        .filter((line) => line.startsWith(`| [${definition.name}](${definition.name}.md) `));
      expect(rows, definition.name).toHaveLength(1);
      expect(rows[0]).toContain(` ${definition.severity} `);
      expect(rows[0]).toContain(meaningOf(definition));
    }
  });
});

describe('every runbook', () => {
  test('begins with its name, the expression in words and the facts of its rule', () => {
    for (const definition of ALERTS) {
      const page = PAGES.find(({ name }) => name === definition.name);
      expect(page?.title).toBe(definition.name);
      expect(page?.opening).toEqual([meaningOf(definition), factsOf(definition)]);
    }
  });

  test('has the six headings in their order and nothing empty under them', () => {
    for (const { name, sections } of PAGES) {
      expect(
        sections.map(({ heading }) => heading),
        name,
      ).toEqual(HEADINGS);
      expect(
        sections.filter(({ text }) => text.length < 40),
        name,
      ).toEqual([]);
    }
  });

  test(`is not longer than ${LONGEST} lines`, () => {
    expect(complaints(({ lines }) => (lines > LONGEST ? [`${lines} lines`] : []))).toEqual([]);
  });

  test('names the dashboards that its rules link, and no dashboard that does not exist', () => {
    expect(
      complaints((page) => [
        ...RULES.filter(({ alert }) => alert === page.name)
          .map(({ annotations }) => /\/d\/([a-z-]+)/.exec(annotations.dashboard_url)?.[1] ?? '')
          .filter((uid) => !page.words.includes(uid)),
        ...page.words.filter((word) => word.startsWith('fal-') && !/[ /]/.test(word) && !NAMES.has(word)),
      ]),
    ).toEqual([]);
  });

  test('shows the way to the status page and to the health of fal', () => {
    expect(
      complaints((page) =>
        ['http://EXPORTER:10464/', '/health/fal'].filter((address) => !page.text.includes(address)),
      ),
    ).toEqual([]);
  });

  test('tells them, our account, this model and us apart', () => {
    expect(
      complaints((page) =>
        [/\bthem\b/, /\bour account\b/i, /\bthis model\b/i, /\bus\b/].flatMap((whose) =>
          whose.test(section(page, 'Diagnosis')) ? [] : [`the diagnosis knows no ${whose.source}`],
        ),
      ),
    ).toEqual([]);
  });

  test('says what does not count', () => {
    expect(complaints((page) => (section(page, 'Meaning').includes('Not counted') ? [] : ['?']))).toEqual([]);
  });

  test('says what not to do', () => {
    expect(complaints((page) => (/Do not |Do no /.test(section(page, 'Mitigation')) ? [] : ['?']))).toEqual(
      [],
    );
  });

  test('has a query to find out and a query to see that it is over', () => {
    expect(
      complaints(({ sections }) =>
        sections
          .filter(({ heading, queries }) => /Diag|Verif/.test(heading) && queries.length === 0)
          .map(({ heading }) => `${heading} without a query`),
      ),
    ).toEqual([]);
  });

  test('says for how long the alert stays after it is over, when it stays', () => {
    for (const { name, keepFiringForSeconds: keep } of ALERTS) {
      const page = PAGES.find((each) => each.name === name);
      const verification = page === undefined ? '' : section(page, 'Verification');
      if (keep === undefined) expect(verification, name).not.toContain('keeps firing');
      else expect(verification, name).toContain(`keeps firing for ${inWords('seconds', keep)}`);
    }
  });

  test('says on escalation to whom, and what to send', () => {
    const wanted = ['fal support', 'request ids', 'account alias', 'UTC', 'error type'];
    expect(
      complaints((page) => {
        const escalation = section(page, 'Escalation').toLowerCase();
        return wanted.filter((each) => !escalation.includes(each.toLowerCase()));
      }),
    ).toEqual([]);
  });
});

/** A record, so that a dashboard that is added or renamed does not compile until it is known here. */
const DASHBOARDS: Readonly<Record<DashboardUid, true>> = {
  'fal-overview': true,
  'fal-endpoint': true,
  'fal-queue': true,
  'fal-credits': true,
  'fal-probes': true,
  'fal-exporter': true,
};

/** Words of code that begin with `fal-`: dashboards, jobs, receivers, a probe. */
const NAMES = new Set([
  ...Object.keys(DASHBOARDS),
  ...['fal-drill', 'fal-hosts', 'fal-dead-man', 'fal-second-way', 'fal-exporter.yml', 'fal-…'],
]);

describe('what runbooks tell to paste', () => {
  test('parses, and asks for nothing that does not exist', () => {
    expect(complaints(({ queries }) => queries.flatMap((query) => complaintsAbout(query)), ALL)).toEqual([]);
  });

  test('is valid for Prometheus’s own tool', async () => {
    const queries = ALL.flatMap((page) => page.queries);
    expect(queries.length).toBeGreaterThan(150);
    await expect(promtoolAccepts(queries)).resolves.toContain(`${queries.length} rules found`);
  });

  test.each([
    ['sum by (fault (up)', 'not PromQL'],
    ['fal_probe_upp == 1', 'nobody exports or records fal_probe_upp'],
    ['fal_probe_up{endpoint="x"}', 'fal_probe_up has no label endpoint'],
    ['sum by (colour) (fal_probe_up)', 'fal_probe_up cannot be grouped by colour'],
    ['fal_client_errors_total{error_type="runner_gone"}', 'error_type is never runner_gone'],
    ['fal_probe_up{probe="PROBE"}', 'has to be replaced'],
    ['fal_probe_up and fal_account_locked', 'only one side has'],
    ['{instance="a"}', 'selects every series there is'],
    ['sum by (probe) (fal_probe_up) or max by (probe) (fal_probe_last_run_timestamp_seconds)', 'can hide'],
  ])('would not pass as %s', (query, complaint) => {
    expect(complaintsAbout(query).join('\n')).toContain(complaint);
  });
});

async function promtoolAccepts(queries: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fal-runbook-queries-'));
  try {
    const file = join(folder, 'queries.yml');
    const rules = queries.map((expr, index) => ({ record: `runbook:query:${index}`, expr }));
    await writeFile(file, stringify({ groups: [{ name: 'runbooks', rules }] }));
    const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', file]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('words of code in runbooks', () => {
  test('are error types, metrics, labels or options that exist', async () => {
    const options = await optionsOfTheExporter();
    expect(
      complaints(({ words }) => words.filter((word) => looksLikeAName(word) && !isKnown(word, options)), ALL),
    ).toEqual([]);
  });

  test.each(['runner_gone', 'fal_probe_upp', 'latency_limits', 'runners_*', '499'])(
    'would not pass as %s',
    async (word) => {
      const [found] = runbookPage('FalExample', `Look at \`${word}\`.`).words;
      expect(found).toBe(word);
      expect(looksLikeAName(word) && !isKnown(word, await optionsOfTheExporter())).toBe(true);
    },
  );
});

/** `runner_disconnected`, `503`, `fal_probe_up`, `runner_*`; neither prose nor commands. */
function looksLikeAName(word: string): boolean {
  return /^[a-z0-9.:]*_[a-z0-9_.:]*\*?$|^\d{3}$/.test(word);
}

function isKnown(word: string, options: ReadonlySet<string>): boolean {
  if (word.endsWith('*')) return Object.keys(ERROR_TYPES).some((type) => type.startsWith(word.slice(0, -1)));
  return (
    Object.hasOwn(ERROR_TYPES, word) ||
    labelsOfSeries(word) !== undefined ||
    METRICS.some(({ name, labels }) => name === word || labels.some((label) => label === word)) ||
    options.has(word) ||
    VALUES.has(word)
  );
}

/** Values of labels, prefixes of families, options of Prometheus, and fields of `/health/fal`. */
const VALUES = new Set([
  ...['exhausted_balance', 'top_up', 'payment_method', 'user_budget', 'admin_lock'],
  ...['fresh_traffic', 'never_fetched'],
  ...['fal_', 'process_', 'nodejs_', 'fal_client_'],
  ...['metric_relabel_configs', 'sample_limit', 'checked_at'],
]);

/** Every key of the reference configuration, alone and below its section. */
async function optionsOfTheExporter(): Promise<ReadonlySet<string>> {
  const reference = await readFile(new URL('../../exporter/examples/reference.yml', import.meta.url), 'utf8');
  const keys = [...reference.matchAll(/^[ #]*(?:- )?([a-z_]+):/gm)].map(([, key = '']) => key);
  return new Set([...keys, 'series.limit', 'web.config_file']);
}

function isOutside(address: string): boolean {
  return address.startsWith('https://') || address === 'mailto:support@fal.ai';
}

describe('links and secrets', () => {
  test('links lead to pages that exist, out over https, or to fal’s support', () => {
    const files = new Set(ALL.map(({ name }) => `${name}.md`));
    expect(complaints(({ links }) => links.filter((to) => !files.has(to) && !isOutside(to)), ALL)).toEqual(
      [],
    );
  });

  test('no page holds anything like a key, and no command takes one from elsewhere than the environment', () => {
    expect(
      complaints(
        ({ text }) => [
          ...(text.match(/[0-9a-f]{8}-[0-9a-f-]{20,}|\b[0-9a-f]{32,}\b/gi) ?? []),
          ...(text.match(/Authorization: (?!Key \$FAL_KEY").*/g) ?? []),
        ],
        ALL,
      ),
    ).toEqual([]);
  });
});

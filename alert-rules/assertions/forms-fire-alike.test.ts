import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { stepOf } from '../src/cases/promtool-file.ts';
import type { FiresCase, RuleCase } from '../src/cases/rule-case.ts';
import { packUnderTest, rulesFor, settingsUnderTest } from '../src/cases/rules-under-test.ts';
import { grafanaGroups } from '../src/formats/grafana.ts';
import { prometheusGroups } from '../src/formats/prometheus.ts';
import type { AlertRule } from '../src/pack.ts';
import { isAlert } from './pack-facts.ts';

const CASES_FOLDER = fileURLToPath(new URL('../src/cases', import.meta.url));
const PACK = packUnderTest();
const ALERTS = PACK.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
const GRAFANA = grafanaGroups(PACK, { links: settingsUnderTest().links }).flatMap(({ rules }) => rules);

test('in a real Prometheus, the Grafana form returns the samples of the Prometheus form when an alert fires', async () => {
  const cases = onePerAlertAndSource(await allCases());
  expect(new Set(cases.map(({ alert }) => alert))).toEqual(new Set(ALERTS.map(({ alert }) => alert)));
  const folder = await mkdtemp(join(tmpdir(), 'fal-forms-'));
  try {
    const files = await Promise.all(cases.map((each, index) => writeTest(folder, index, each)));
    expect(await promtool(['test', 'rules', ...files])).toBe('');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);

/** Every case, whichever file it stands in. */
async function allCases(): Promise<RuleCase[]> {
  const files = globSync('**/*.cases.ts', { cwd: CASES_FOLDER }).sort();
  const modules = await Promise.all(files.map((file) => import(join(CASES_FOLDER, file)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module).flat() as RuleCase[]);
}

function onePerAlertAndSource(cases: readonly RuleCase[]): FiresCase[] {
  const firing = cases.filter((each) => each.kind === 'fires');
  const byRule = Map.groupBy(
    firing,
    ({ alert, firing: [first] }) => `${alert} ${first?.labels.source ?? ''}`,
  );
  return [...byRule.values()].flatMap(([first]) => first ?? []);
}

async function writeTest(folder: string, index: number, each: FiresCase): Promise<string> {
  const rules = rulesFor(each.alert, PACK);
  const rulesPath = join(folder, `${index}.rules.yml`);
  await writeFile(rulesPath, stringify({ groups: rules.flatMap(prometheusGroups) }, { lineWidth: 0 }));
  const path = join(folder, `${index}.test.yml`);
  const content = {
    rule_files: [rulesPath],
    evaluation_interval: `${stepOf(each)}s`,
    group_eval_order: rules.flatMap(({ groups }) => groups.map(({ name }) => name)),
    tests: [
      {
        name: `${each.alert}: ${each.name}`,
        interval: `${stepOf(each)}s`,
        input_series: Object.entries(each.series).map(([series, values]) => ({ series, values })),
        promql_expr_test: comparisons(each),
      },
    ],
  };
  await writeFile(path, stringify(content, { lineWidth: 0 }));
  return path;
}

function comparisons({ alert, faultAt, firesAfter }: FiresCase): object[] {
  const pairs = ALERTS.flatMap((rule, index) => (rule.alert === alert ? [pairOf(rule, index)] : []));
  const some = pairs.map(([, grafana]) => `count(${grafana})`).join(' or ');
  const at = { eval_time: `${faultAt + firesAfter}s` };
  return [
    { ...at, expr: `(${some}) > bool 0`, exp_samples: [{ labels: '{}', value: 1 }] },
    ...pairs.flatMap(([prometheus, grafana]) => [
      { ...at, expr: `(${prometheus}) unless (${grafana})`, exp_samples: [] },
      { ...at, expr: `(${grafana}) unless (${prometheus})`, exp_samples: [] },
      {
        ...at,
        expr: `max(abs((${prometheus}) - (${grafana}))) or vector(0)`,
        exp_samples: [{ labels: '{}', value: 0 }],
      },
    ]),
  ];
}

/** Rules stand in both forms in the same order. */
function pairOf(rule: AlertRule, index: number): readonly [string, string] {
  const twin = GRAFANA[index];
  if (twin?.title !== rule.alert) throw new Error(`${rule.alert} has no twin at ${index}`);
  return [rule.expr, String(twin.data[0]?.model.expr)];
}

function promtool(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('promtool', args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve('');
      else if (error.code === 1) resolve(stderr.trim() === '' ? stdout : stderr);
      else reject(new Error(`cannot run promtool test rules: ${error.message}. Is Prometheus installed?`));
    });
  });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPack, defaultSettings } from 'fal-alert-rules';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { prometheusFiles } from '../alert-rules/src/formats/prometheus.ts';
import type { Drill } from '../exporter/src/drill/drill.ts';
import { DRILLS } from '../exporter/src/drill/drills.ts';
import { allArriveWithin, planAlerts } from '../exporter/src/drill/plan.ts';
import { SyntheticNumbers } from '../exporter/src/drill/synthetic/numbers.ts';
import { DRILL_JOB } from '../exporter/src/drill/synthetic/target-file.ts';
import { parseExposition } from '../exporter/src/exposition/golden/strict-parser.ts';
import { collectBody } from '../exporter/src/exposition/render.ts';
import { TEXT_0_0_4 } from '../exporter/src/exposition/text.ts';
import { HandClock } from '../exporter/src/metrics/hand-clock.ts';
import { promtool } from './promtool.ts';

/** Scrapes and evaluations, as shipped. */
const STEP_SECONDS = 15;
/** Nothing but the drill is in this Prometheus, so they are right. */
const ALONE = ['Watchdog', 'FalExporterAbsent', 'FalNothingMeasured'];

type Synthetic = NonNullable<Drill['synthetic']>;
const DRILLED = DRILLS.flatMap(({ name, synthetic }) =>
  synthetic === undefined ? [] : [{ name, synthetic }],
);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-drill-rules-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Prometheus would scrape, from the first time on, in promtool's notation. */
async function scraped(
  drill: Synthetic,
  healAt: number,
  until: number,
): Promise<{ series: string; values: string }[]> {
  const clock = new HandClock();
  const numbers = new SyntheticNumbers(drill, clock);
  const values = new Map<string, string[]>();
  for (let at = 0; at <= until; at += STEP_SECONDS) {
    if (at === healAt) numbers.heal();
    const families = parseExposition((await collectBody(numbers.store, TEXT_0_0_4)).toString(), 'text');
    for (const { name, labels, value } of [...families.values()].flatMap(({ samples }) => samples)) {
      const all = Object.entries({ ...labels, job: DRILL_JOB, instance: '127.0.0.1:10466' });
      const key = `${name}{${all.map(([label, text]) => `${label}="${text}"`).join(', ')}}`;
      const known = values.get(key) ?? Array.from({ length: at / STEP_SECONDS }, () => '_');
      values.set(key, [...known, String(value)]);
    }
    clock.advance(STEP_SECONDS * 1000);
  }
  return [...values].map(([series, points]) => ({ series, values: points.join(' ') }));
}

const firing = (alerts: string): string => `count(ALERTS{alertstate="firing", alertname${alerts}}) > bool 0`;

/** As a test file of promtool: what it promises, at the moments that it promises. */
async function promises(drill: Synthetic): Promise<Record<string, unknown>> {
  const alerts = planAlerts(drill.expects);
  const healAt = allArriveWithin(alerts);
  const lastOfFault = healAt - STEP_SECONDS;
  const until = healAt + Math.max(...alerts.map(({ endsWithinSeconds }) => endsWithinSeconds));
  const welcome = [...alerts.map(({ alert }) => alert), ...drill.mayAlsoFire, ...ALONE].join('|');
  const ask = (seconds: number, expr: string, isSo: boolean): Record<string, unknown> => ({
    ...{ expr, eval_time: `${seconds}s`, exp_samples: isSo ? [{ labels: '{}', value: 1 }] : [] },
  });
  return {
    interval: `${STEP_SECONDS}s`,
    input_series: await scraped(drill, healAt, until),
    promql_expr_test: [
      ...alerts.flatMap(({ alert, firesWithinSeconds, endsWithinSeconds }) => [
        ask(firesWithinSeconds, firing(`="${alert}"`), true),
        ask(lastOfFault, firing(`="${alert}"`), true),
        ask(healAt + endsWithinSeconds, firing(`="${alert}"`), false),
      ]),
      ask(lastOfFault, firing(`!~"${welcome}"`), false),
      ask(until, firing(`!~"${welcome}"`), false),
    ],
  };
}

test.each(DRILLED)(
  'the shipped rules fire for $name by when it says, end by when it says, and nothing else fires',
  { timeout: 60_000 },
  async ({ name, synthetic }) => {
    const pack = buildPack({ settings: defaultSettings() });
    const rules = prometheusFiles(pack).map(({ path, text }) => {
      const file = join(folder, path.replaceAll('/', '-'));
      writeFileSync(file, text);
      return file;
    });
    const file = join(folder, `${name}.yml`);
    const content = {
      rule_files: rules,
      evaluation_interval: `${STEP_SECONDS}s`,
      group_eval_order: pack.flatMap(({ groups }) => groups.map((group) => group.name)),
      tests: [await promises(synthetic)],
    };
    writeFileSync(file, stringify(content, { lineWidth: 0, aliasDuplicateObjects: false }));
    const { exitCode, output } = await promtool(['test', 'rules', file]);
    expect(exitCode, output).toBe(0);
  },
);

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { promtool } from './promtool.ts';

const README = join(import.meta.dirname, '..', 'instrumentation', 'README.md');
const RULE_FILE = 'cost.yml';

let folder: string;

/** The rule as the README tells people to copy it. */
function ruleOfReadme(): string {
  const [, rule] =
    /```yaml\n(groups:\n[\s\S]*?fal_client_cost_usd[\s\S]*?)```/.exec(readFileSync(README, 'utf8')) ?? [];
  if (rule === undefined) throw new Error(`no rule for the cost in ${README}`);
  return rule;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-cost-'));
  writeFileSync(join(folder, RULE_FILE), ruleOfReadme());
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the recording rule of the README multiplies the units of the app by the prices of the exporter, model by model', async () => {
  const model = (id: string): string => `endpoint_id="${id}"`;
  writeFileSync(
    join(folder, 'test.yml'),
    stringify({
      rule_files: [RULE_FILE],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            // Two processes, one of which knows the unit: 60 and 30 units a minute.
            {
              series: `fal_client_billable_units_total{${model('fal-ai/a')}, instance="1"}`,
              values: '0+60x10',
            },
            {
              series: `fal_client_billable_units_total{${model('fal-ai/a')}, instance="2", unit="images"}`,
              values: '0+30x10',
            },
            { series: `fal_model_unit_price_usd{${model('fal-ai/a')}, unit="images"}`, values: '0.02x10' },
            { series: `fal_client_billable_units_total{${model('fal-ai/unpriced')}}`, values: '0+60x10' },
          ],
          promql_expr_test: [
            {
              expr: 'endpoint:fal_client_cost_usd:rate5m',
              eval_time: '10m',
              exp_samples: [
                { labels: `endpoint:fal_client_cost_usd:rate5m{${model('fal-ai/a')}}`, value: 1.5 * 0.02 },
              ],
            },
          ],
        },
      ],
    }),
  );
  const { exitCode, output } = await promtool(['test', 'rules', join(folder, 'test.yml')]);
  expect(output).toContain('SUCCESS');
  expect(exitCode).toBe(0);
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { prometheusGroups } from '../formats/prometheus.ts';
import { RECORDED } from '../sources.ts';
import { ofExporter, named } from './exporter-series.ts';
import { packUnderTest } from './rules-under-test.ts';

const MODELS = ['fal-ai/flux/dev', 'fal-ai/veo3'];
const EXPORTERS = ['10.0.0.8:10464', '10.0.0.9:10464'];

/** A minute a sample: each model is billed 0.25 USD of 0.5 USD at list price, which two exporters see. */
function ofBill(family: string, values: string): { series: string; values: string }[] {
  return EXPORTERS.flatMap((instance) =>
    MODELS.map((endpoint) => ({
      series: ofExporter(family, { account: 'prod', instance, endpoint_id: endpoint }),
      values,
    })),
  );
}

/** Two processes of one app, which estimates 0.125 USD a minute each. */
const BY_APP = ['10.0.0.1:9464', '10.0.0.2:9464'].map((instance) => ({
  series: named('fal_client_cost_usd_total', {
    ...{ job: 'shop', instance, account: 'prod', endpoint_id: 'fal-ai/flux/dev', source: 'list_price' },
  }),
  values: '0+0.125x120',
}));

const recorded = (name: string, job: string, value: number): object => ({
  expr: name,
  eval_time: '2h',
  exp_samples: [{ labels: `${name}{account="prod", job="${job}"}`, value }],
});

it('an hour of money is recorded in three kinds: the bill once for two exporters, apps added up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fal-money-recordings-'));
  try {
    const account = packUnderTest().filter(({ name }) => name === 'account');
    const rules = account.flatMap(prometheusGroups);
    await writeFile(join(folder, 'rules.yml'), stringify({ groups: rules }));
    const tests = {
      rule_files: ['rules.yml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            ...ofBill('fal_account_spend_usd_total', '0+0.25x120'),
            ...ofBill('fal_account_estimated_spend_usd_total', '0+0.5x120'),
            ...BY_APP,
          ],
          promql_expr_test: [
            recorded(RECORDED.billed, 'fal-exporter', 30),
            recorded(RECORDED.atListPrice, 'fal-exporter', 60),
            recorded(RECORDED.estimatedByApp, 'shop', 15),
          ],
        },
      ],
    };
    await writeFile(join(folder, 'tests.yml'), stringify(tests));
    const { stdout } = await promisify(execFile)('promtool', ['test', 'rules', join(folder, 'tests.yml')]);
    expect(stdout).toContain('SUCCESS');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

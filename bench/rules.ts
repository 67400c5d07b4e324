import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildPack, defaultSettings, prometheusFiles } from 'fal-alert-rules';
import { startPrometheus, type Prometheus } from '../test/prometheus.ts';
import { startPlant, type PlantState } from './rules-plant.ts';

/**
 * What the whole pack costs Prometheus at 100 models, by its own `prometheus_rule_group_last_duration_seconds`, while
 * all is well and while hundreds of alerts fire: `node bench/rules.ts [--endpoints 100]`. Takes eight minutes.
 *
 * Time is scaled: rules with every duration divided by 20, scraped every 0.75 s instead of 15 s. A window then
 * holds as many samples as in production, which is what an evaluation costs, and an hour of history takes three
 * minutes.
 */
const TIME_SCALE = 20;
const WARM_UP_SECONDS = 200;
const ROUNDS = 20;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { endpoints: { type: 'string', default: '100' } } });
  for (const state of ['well', 'failing'] as const) await measure(Number(values.endpoints), state);
}

async function measure(endpoints: number, state: PlantState): Promise<void> {
  const plant = await startPlant(endpoints, state);
  const folder = mkdtempSync(join(tmpdir(), 'fal-observability-rules-'));
  const pack = buildPack({ settings: defaultSettings(), timeScale: TIME_SCALE });
  mkdirSync(join(folder, 'prometheus'));
  for (const { path, text } of prometheusFiles(pack)) writeFileSync(join(folder, path), text);
  const prometheus = await startPrometheus({
    targets: { 'fal-exporter': [plant.target] },
    ruleFiles: [join(folder, 'prometheus', '*.yml')],
    scrapeInterval: '750ms',
    evaluationInterval: '750ms',
  });
  try {
    console.log(`${endpoints} models, ${plant.series} series, ${state}; warming up for ${WARM_UP_SECONDS} s`);
    await pause(WARM_UP_SECONDS * 1000);
    await report(prometheus);
  } finally {
    await prometheus.stop();
    plant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function report(prometheus: Prometheus): Promise<void> {
  const seen = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    await pause(1000);
    for (const { labels, value } of await prometheus.query('prometheus_rule_group_last_duration_seconds')) {
      const group = labels.rule_group?.split(';')[1] ?? '?';
      seen.set(group, [...(seen.get(group) ?? []), value * 1000]);
    }
  }
  const medians = [...seen].map(([group, ms]) => [group, median(ms)] as const);
  for (const [group, ms] of medians) console.log(`${group.padEnd(16)} ${ms.toFixed(1).padStart(7)} ms`);
  const total = medians.reduce((sum, [, ms]) => sum + ms, 0);
  const firing = await prometheus.query('count(ALERTS{alertstate="firing"})');
  console.log(`whole pack       ${total.toFixed(1).padStart(7)} ms, ${firing[0]?.value ?? 0} alerts firing`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

await main();

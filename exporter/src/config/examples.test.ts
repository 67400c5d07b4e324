import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Config } from './config.ts';
import { formatProblems } from './problem.ts';
import { configReference } from './reference.ts';
import { optionNames } from './schema.ts';
import { loadText } from './test-load.ts';

const FOLDER = new URL('../../examples/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

async function configOf(text: string): Promise<Config> {
  const loaded = await loadText(text);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  expect(loaded.warnings).toEqual([]);
  return loaded.config;
}

describe('an example', () => {
  test.each(FILES)('%s loads, and leaves no warning', async (name) => {
    await expect(configOf(read(name))).resolves.toBeDefined();
  });

  test.each(FILES)('%s has its line in the table from wish to file', (name) => {
    expect(read('README.md')).toContain(`[${name}](${name})`);
  });

  test('is there for every line of the table', () => {
    const named = [...read('README.md').matchAll(/\]\(([\w.-]+)\)/g)].map(([, name]) => name);
    expect([...named].sort()).toEqual([...FILES].sort());
  });

  test('video.yml gives the video model minutes', async () => {
    const { endpoints } = await configOf(read('video.yml'));
    expect(endpoints.map(({ latencyLimitSeconds }) => latencyLimitSeconds)).toEqual([600]);
  });

  test('tls.yml names the web configuration beside it', async () => {
    expect((await configOf(read('tls.yml'))).webConfigFile).toBe('/etc/fal/web.yml');
  });

  test('money.yml has budgets and a grant, and no collector that needs more calls than it may make', async () => {
    const { account, collectors } = await configOf(read('money.yml'));
    expect(account).toMatchObject({ hourlyBudget: 5e9, monthlyBudget: 500e9 });
    expect(account.grants.map(({ name }) => name)).toEqual(['launch-credits']);
    for (const { intervalMs, callsPerHour } of Object.values(collectors))
      expect(callsPerHour).toBeGreaterThanOrEqual(3_600_000 / intervalMs);
  });

  test('minimal.yml stays within its budget even when prices are unknown', async () => {
    const { probes, budget } = await configOf(read('minimal.yml'));
    const runsPerDay = probes.reduce((sum, { intervalMs }) => sum + 86_400_000 / intervalMs, 0);
    expect((runsPerDay / 24) * budget.worstCaseRun).toBeLessThanOrEqual(budget.perHour);
  });
});

describe('the reference', () => {
  test('is what the schema says', () => {
    expect(read('reference.yml')).toBe(configReference());
  });

  test('is in effect the same as no file at all', async () => {
    expect(await configOf(configReference())).toEqual(await configOf(''));
  });

  test('names every key', () => {
    for (const name of [...optionNames(), 'input', 'simulator_url']) {
      expect(configReference()).toMatch(new RegExp(`^[# ]*${name}:`, 'm'));
    }
  });

  test('shows examples in its comments that load when they are taken out of them', async () => {
    const text = configReference();
    const blocks = [
      ...text.matchAll(/^(\w+):.*\n(?: {2}- .*\n)?# An item with all its keys:\n((?:#.*\n)+)/gm),
    ];
    expect(blocks.map(([, list]) => list)).toEqual(['endpoints', 'probes']);
    for (const [, list, comment] of blocks) {
      const yaml = `${list}:\n${comment?.replace(/^#/gm, '')}`;
      expect((parse(yaml) as Record<string, unknown[]>)[list ?? '']).toHaveLength(1);
      const loaded = await loadText(yaml);
      expect(loaded.ok || formatProblems(loaded.problems)).toBe(true);
    }
    const grants = /^ {2}grants: .*\n {2}# An item.*\n((?: {2}#.*\n)+)/m.exec(text)?.[1] ?? '';
    const { account } = await configOf(`account:\n  grants:\n${grants.replace(/^ {2}#/gm, '  ')}`);
    expect(account.grants).toHaveLength(1);
    const web = /^# web:\n(?:# .*\n)+/m.exec(text)?.[0].replace(/^# /gm, '') ?? '';
    const listen = /^# listen:\n(?:# .*\n)+/m.exec(text)?.[0].replace(/^# /gm, '') ?? '';
    expect((await configOf(`${web}\n${listen}`)).webConfigFile).toBe('/etc/fal/web.yml');
  });
});

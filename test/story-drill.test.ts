import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildPack, defaultSettings } from 'fal-alert-rules';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prometheusFiles } from '../alert-rules/src/formats/prometheus.ts';
import { drill } from '../exporter/src/command/drill.ts';
import type { CommandIo } from '../exporter/src/command/io.ts';
import { systemClock } from '../exporter/src/domain/clock.ts';
import { startAlertmanager, type Alertmanager } from './alertmanager.ts';
import { startProcess } from './background-process.ts';
import { cleanEnvironment, startExporter, type ExporterProcess } from './exporter-process.ts';
import { startPagerDuty, type PagerDuty } from './pagerduty/pagerduty.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';
import { waitUntil } from './wait-until.ts';

/** Minutes become seconds: the same expressions, every duration divided. */
const TIME_SCALE = 30;
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

const PROGRAM = join(dirname(import.meta.dirname), 'exporter', 'bin', 'fal-exporter.js');

interface Told {
  readonly verdict: string;
}

let folder: string;
let exporter: ExporterProcess;
let pagerDuty: PagerDuty;
let alertmanager: Alertmanager;
let prometheus: Prometheus;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fal-observability-drill-'));
  for (const { path, text } of prometheusFiles(
    buildPack({ settings: defaultSettings(), timeScale: TIME_SCALE }),
  ))
    writeFileSync(join(folder, path.replaceAll('/', '-')), text);
  [exporter, pagerDuty] = await Promise.all([startExporter(), startPagerDuty()]);
  alertmanager = await startAlertmanager({
    ...{ pagerDutyUrl: pagerDuty.enqueueUrl, secrets: { pagerduty_routing_key: ROUTING_KEY } },
  });
  prometheus = await startPrometheus({
    targets: { 'fal-exporter': [exporter.target] },
    alertmanagers: [alertmanager.target],
    ruleFiles: [join(folder, '*.yml')],
    flags: ['--rules.alert.resend-delay=1s'],
  });
});

afterAll(async () => {
  await Promise.all([prometheus.stop(), exporter.stop()]);
  await alertmanager.stop();
  await pagerDuty.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A file that the job fal-drill of the shipped configuration reads. */
const targetFile = (name: string): string => join(prometheus.folder, 'drill', `${name}.yml`);

interface DrillRun {
  readonly code: number;
  readonly told: Told;
  /** What a person at the terminal reads. */
  readonly timeLine: string;
}

/** The command with its real clock and sockets, and with no more patience than routes of the tests need. */
async function runDrill(name: string): Promise<DrillRun> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    ...{ stdout: (text) => void out.push(text), stderr: (text) => void err.push(text), env: {}, cwd: folder },
    ...{ signal: new AbortController().signal, onReload: () => undefined, onDefect: () => undefined },
    ...{ randomUuid: () => '', relaunchWhenCold: () => undefined },
  };
  const options = {
    ...{ json: true, synthetic: true, exporter: exporter.url, prometheus: prometheus.url },
    ...{ alertmanager: alertmanager.url, listen: '127.0.0.1:0', targetFile: targetFile(name) },
  };
  const code = await drill(name, options, io, {
    clock: systemClock,
    fetch: globalThis.fetch,
    haste: TIME_SCALE,
  });
  return { code, told: JSON.parse(out.join('')) as Told, timeLine: err.join('') };
}

const incidentsOf = (alert: string): readonly { readonly state: string; readonly urgency: string }[] =>
  pagerDuty.incidents().filter(({ payload }) => payload.class === alert);

describe('fire drills through a real Prometheus and a real Alertmanager', () => {
  test('hang, outage and lock fire, arrive, end, and leave nothing behind', async () => {
    // A lock and an outage hold alerts of single models back, so the hang comes first.
    const runs = [
      await runDrill('hang'),
      ...(await Promise.all(['outage', 'locked-with-balance'].map(runDrill))),
    ];
    for (const { code, told, timeLine } of runs)
      expect([code, told.verdict], timeLine).toEqual([0, 'passed']);
    for (const name of ['hang', 'outage', 'locked-with-balance'])
      expect(existsSync(targetFile(name))).toBe(false);
    for (const alert of ['FalRequestsStuck', 'FalPlatformDown', 'FalAccountLocked']) {
      await waitUntil(
        `${alert} was opened and resolved in PagerDuty`,
        () => (incidentsOf(alert).every(({ state }) => state === 'resolved') ? true : undefined),
        { withinMs: 20_000, evidence: () => JSON.stringify(pagerDuty.incidents(), null, 1) },
      );
      expect(incidentsOf(alert)).toMatchObject([{ urgency: 'high' }]);
    }
  });

  test('Ctrl-C heals the demo that a drill broke, and says so', async () => {
    const health = (await (await fetch(`${exporter.url}/health/fal`)).json()) as {
      readonly simulator: string;
    };
    const scenario = async (): Promise<string> => {
      const answer = await fetch(`${health.simulator}/_control/scenarios`);
      return ((await answer.json()) as { readonly active: string }).active;
    };
    const addresses = [
      '--exporter',
      exporter.url,
      '--prometheus',
      prometheus.url,
      '--alertmanager',
      alertmanager.url,
    ];
    const child = await startProcess({
      name: 'fal-exporter drill',
      command: process.execPath,
      args: [PROGRAM, 'drill', 'locked-with-balance', ...addresses],
      env: cleanEnvironment(process.env),
      cwd: folder,
    });
    const isBroken = async (): Promise<true | undefined> =>
      (await scenario()) === 'locked-with-balance' ? true : undefined;
    await waitUntil('the drill has broken the demo', isBroken, {
      withinMs: 30_000,
      evidence: () => child.output(),
    });
    const { code } = await child.stop({ signal: 'SIGINT' });
    expect([code, await scenario()], child.output()).toEqual([3, 'demo']);
    expect(child.output()).toContain('Interrupted. The fault is healed');
  });
});

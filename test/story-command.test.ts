import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorServer, createSimulator, defaultWorld } from 'fal-simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExporter } from './exporter-process.ts';
import { type CommandRun, runCommand } from './run-command.ts';
import { waitUntil } from './wait-until.ts';

/** A key that fal could have issued; it must appear nowhere at all. */
const CANARY_SECRET = '0123456789abcdefcafe0123456789ab';
const CANARY = `0f0f0f0f-1234-4abc-8def-c0ffee000001:${CANARY_SECRET}`;

function expectCleanFailure(run: CommandRun, code: number): void {
  expect(run.code, run.stderr).toBe(code);
  expect(run.stderr).not.toMatch(/^\s+at .*\(?(file|node):/m);
  expect(run.stdout + run.stderr).not.toContain(CANARY_SECRET);
}

function configIn(folder: string, yaml: string): string {
  const file = join(folder, 'fal-exporter.yml');
  writeFileSync(file, yaml);
  return file;
}

const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'fal-observability-story-'));

describe('a start that cannot be', () => {
  test.each<[string, string, string[]]>([
    ['bad YAML', 'probes:\n  - { name: a, tier: free\n', ['fal-exporter.yml:', '^']],
    ['an unknown key', 'probes:\n  - { name: a, tier: free, intervall: 5m }\n', ['intervall', 'interval']],
    [
      'a negative interval',
      'probes:\n  - { name: a, tier: free, interval: -5m }\n',
      ['probes[0].interval', 'expected'],
    ],
    [
      'an endpoint id with spaces',
      'endpoints:\n  - { id: "fal-ai/flux dev" }\n',
      ['endpoints[0].id', 'owner/app'],
    ],
    [
      'an endpoint id of 300 characters',
      `endpoints:\n  - { id: "fal-ai/${'x'.repeat(300)}" }\n`,
      ['endpoints[0].id', '128'],
    ],
    [
      'two mistakes at once',
      'budget: { per_hour_usd: -1 }\ncollectors: { interval: 5 }\n',
      ['2 problems', 'per_hour_usd', 'collectors.interval'],
    ],
    ['a key in the file', `# ${CANARY}\nprobes: []\n`, ['FAL_KEY_FILE']],
  ])('on %s says what, where and what instead, with exit code 1', async (_name, yaml, words) => {
    const cwd = tempFolder();
    const run = await runCommand(['serve', '--config', configIn(cwd, yaml)], { cwd });
    expectCleanFailure(run, 1);
    for (const word of words) expect(run.stderr).toContain(word);
  });

  test.each([
    ['without a colon', CANARY_SECRET],
    ['with spaces', `${CANARY} x`],
    ['with the word Key before it', `Key ${CANARY}`],
  ])('on a key %s shows the form and never the key, and starts no demo', async (_name, key) => {
    const run = await runCommand(['serve', '--listen', '127.0.0.1:0'], { env: { FAL_KEY: key } });
    expectCleanFailure(run, 1);
    expect(run.stderr).toContain('<key_id>:<key_secret>');
    expect(run.stdout).toBe('');
  });

  test('on a port in use names it and the option', async () => {
    const server = await new Promise<Server>((resolve) => {
      const taken = createServer().listen(0, '127.0.0.1', () => resolve(taken));
    });
    const { port } = server.address() as AddressInfo;
    const run = await runCommand(['serve', '--listen', `127.0.0.1:${port}`]);
    server.close();
    expectCleanFailure(run, 1);
    expect(run.stderr).toContain(`127.0.0.1:${port}`);
    expect(run.stderr).toContain('listen');
  });

  test('on a state directory that cannot be written names it', async () => {
    const file = join(tempFolder(), 'plain-file');
    writeFileSync(file, '');
    const env = { FAL_KEY: CANARY, FAL_SIMULATOR_URL: 'http://127.0.0.1:9' };
    const run = await runCommand(['serve', '--state-dir', join(file, 'state'), '--listen', '127.0.0.1:0'], {
      env,
    });
    expectCleanFailure(run, 1);
    expect(run.stderr).toContain('plain-file');
  });

  test('on a wrong command line shows the way to the help, with exit code 2', async () => {
    const run = await runCommand(['serve', '--no-such-option']);
    expectCleanFailure(run, 2);
    expect(run.stderr).toContain('--help');
    const help = await runCommand(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    for (const word of ['check', 'probe', 'simulate', 'FAL_KEY', 'Exit codes'])
      expect(help.stdout).toContain(word);
  });
});

describe('commands against a simulated fal', () => {
  let simulator: Simulator;
  let server: SimulatorServer;
  let env: Record<string, string>;
  let cwd: string;

  beforeAll(async () => {
    const world = defaultWorld();
    const key = [...world.keys.values()].find(({ scope }) => scope === 'API');
    const [id = '', secret = ''] = CANARY.split(':');
    if (key !== undefined) world.keys.set(CANARY, { ...key, id, secret });
    simulator = createSimulator({ seed: 5, world });
    server = await simulator.listen();
    env = { FAL_SIMULATOR_URL: server.url, FAL_KEY: CANARY };
    cwd = tempFolder();
    configIn(
      cwd,
      `probes:
  - { name: schnell, endpoint_id: fal-ai/flux/schnell, tier: inference, interval: 10s, timeout: 10s, input: { prompt: secret prompt } }
  - { name: gateway, endpoint_id: fal-ai/flux/dev, tier: queue, interval: 10s, timeout: 10s, input: { prompt: secret prompt } }
  - { name: hosts, tier: free, interval: 5s, timeout: 5s }
budget: { per_hour_usd: 1, per_day_usd: 1, per_month_usd: 1, worst_case_run_usd: 0.05 }
account: { concurrency_limit: 10 }
`,
    );
  });

  afterAll(async () => {
    await server.close();
    simulator.close();
  });

  test('check says what works, and fails with a remedy when the key is revoked', async () => {
    const good = await runCommand(['check'], { env, cwd });
    expect(good.code, good.stdout + good.stderr).toBe(0);
    for (const word of ['✓', 'queue.fal.run', 'api.fal.ai', 'USD per']) expect(good.stdout).toContain(word);
    simulator.applyScenario('key-revoked');
    const bad = await runCommand(['check', '--json'], { env, cwd });
    simulator.applyScenario('healthy');
    expectCleanFailure(bad, 3);
    const { findings } = JSON.parse(bad.stdout) as {
      findings: { name: string; state: string; remedy?: string }[];
    };
    expect(findings.find(({ name }) => name === 'key and account')).toMatchObject({
      state: 'fail',
      remedy: expect.stringContaining('fal.ai') as string,
    });
  });

  test('check tells a host that cannot be reached from a key that is wrong', async () => {
    const run = await runCommand(['check'], {
      env: { ...env, FAL_SIMULATOR_URL: 'http://127.0.0.1:9' },
      cwd,
    });
    expectCleanFailure(run, 3);
    expect(run.stdout).toMatch(/✗ fal\.run +not reachable: network_error/);
  });

  test('probe tells one run as a time line and spends once', async () => {
    const before = simulator.ledger.jobs.length;
    const run = await runCommand(['probe', 'schnell'], { env, cwd });
    expect(run.code, run.stderr).toBe(0);
    for (const word of ['schnell', 'ok in', 'accepted as request', 'inference', 'queue wait'])
      expect(run.stdout).toContain(word);
    expect(run.stdout).not.toContain('secret prompt');
    expect(simulator.ledger.jobs.length).toBe(before + 1);
  });

  test('probe says which probes there are when it does not know one', async () => {
    const run = await runCommand(['probe', 'schnel'], { env, cwd });
    expectCleanFailure(run, 2);
    expect(run.stderr).toContain('schnell, gateway, hosts');
  });

  test('simulate is the simulator', async () => {
    const run = await runCommand(['simulate', '--list-scenarios']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('locked-with-balance');
  });

  test('serve shows no key and no prompt anywhere, and stops in under a second', async () => {
    const stateDir = tempFolder();
    const exporter = await startExporter({
      config: readFileSync(join(cwd, 'fal-exporter.yml'), 'utf8'),
      env,
      stateDir,
    });
    const pages = await waitUntil(
      'each probe ran',
      async () => {
        const texts = await Promise.all(
          ['/', '/metrics', '/health/fal'].map(async (path) => (await fetch(exporter.url + path)).text()),
        );
        const ran = ['schnell', 'gateway', 'hosts'].every((name) =>
          new RegExp(`fal_probe_runs_total\\{[^}]*outcome="ok",probe="${name}"\\} [1-9]`).test(
            texts[1] ?? '',
          ),
        );
        return ran ? texts : undefined;
      },
      { withinMs: 60_000, evidence: exporter.output },
    );
    const { code, tookMs } = await exporter.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1000);
    const files = readdirSync(stateDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const stored = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [...pages, ...stored, exporter.output()]) {
      expect(text).not.toContain(CANARY_SECRET);
      expect(text).not.toContain('secret prompt');
    }
    expect(stored.length).toBeGreaterThan(0);
  });

  test('serve stops in under a second in the middle of a run that hangs', async () => {
    const exporter = await startExporter({
      config: readFileSync(join(cwd, 'fal-exporter.yml'), 'utf8'),
      env,
    });
    const seen = simulator.ledger.jobs.length;
    simulator.applyScenario('stuck-in-progress');
    await waitUntil('a job is at fal', () => simulator.ledger.jobs.length > seen || undefined, {
      withinMs: 30_000,
    });
    simulator.applyScenario('hang');
    const { code, tookMs } = await exporter.stop();
    simulator.applyScenario('healthy');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1000);
  });

  test('a damaged state file is moved aside, said loudly, and costs the month its budget', async () => {
    const stateDir = tempFolder();
    mkdirSync(join(stateDir, 'simulated'));
    writeFileSync(join(stateDir, 'simulated', 'state.db'), 'this is no database'.repeat(500));
    const exporter = await startExporter({
      config: readFileSync(join(cwd, 'fal-exporter.yml'), 'utf8'),
      env,
      stateDir,
    });
    const metrics = await waitUntil(
      'a probe was skipped for its budget',
      async () => {
        const text = await (await fetch(`${exporter.url}/metrics`)).text();
        return /fal_probe_skipped_total\{account="default",probe="schnell",reason="budget"\} [1-9]/.test(text)
          ? text
          : undefined;
      },
      { withinMs: 30_000, evidence: exporter.output },
    );
    await exporter.stop();
    expect(metrics).toContain('fal_probe_budget_remaining_usd{account="default",window="month"} 0');
    expect(exporter.output()).toContain('damaged');
    expect(
      readdirSync(join(stateDir, 'simulated')).some((name) => name.startsWith('state.db.corrupt-')),
    ).toBe(true);
  });

  test('a broken file leaves the old configuration running, and a good one takes over', async () => {
    const folder = tempFolder();
    const file = configIn(folder, 'probes:\n  - { name: before, tier: free, interval: 5s, timeout: 5s }\n');
    const exporter = await startExporter({ args: ['--config', file], env });
    const metric = async (): Promise<string> => (await fetch(`${exporter.url}/metrics`)).text();
    const until = (what: string, pattern: RegExp): Promise<string> =>
      waitUntil(what, async () => ((text) => (pattern.test(text) ? text : undefined))(await metric()), {
        withinMs: 20_000,
        evidence: exporter.output,
      });
    await until('the first configuration is in force', /fal_exporter_config_last_reload_successful 1/);
    configIn(folder, 'probes:\n  - { name: before, tier: freee }\n');
    expect(
      await until('the broken file is noticed', /fal_exporter_config_last_reload_successful 0/),
    ).toContain('probe="before"');
    configIn(folder, 'probes:\n  - { name: after, tier: free, interval: 5s, timeout: 5s }\n');
    const after = await until('the new configuration is in force', /probe="after"/);
    expect(after).toContain('fal_exporter_config_last_reload_successful 1');
    expect(after).not.toContain('probe="before"');
    expect(exporter.output()).toContain('expected one of free, queue, inference');
    await exporter.stop();
  });

  test('a killed exporter leaves no job behind: the next one cancels it', async () => {
    simulator.applyScenario('stuck-in-progress');
    const stateDir = tempFolder();
    const config = readFileSync(join(cwd, 'fal-exporter.yml'), 'utf8');
    const cancelled = (): number =>
      simulator.ledger.exchanges.filter(({ method, path }) => method === 'PUT' && path.endsWith('/cancel'))
        .length;
    const first = await startExporter({ config, env, stateDir });
    const earlier = simulator.ledger.jobs.length;
    await waitUntil(
      'a job is at fal',
      () =>
        simulator.ledger.jobs.slice(earlier).find(({ endpointId }) => endpointId === 'fal-ai/flux/schnell'),
      { withinMs: 30_000 },
    );
    await waitUntil(
      'it is running',
      () => (simulator.ledger.jobs.at(-1)?.runs.length ?? 0) > 0 || undefined,
      { withinMs: 10_000 },
    );
    await first.stop({ signal: 'SIGKILL' });
    const before = cancelled();
    const second = await startExporter({ config, env, stateDir });
    await waitUntil('the job was cancelled', () => cancelled() > before || undefined, {
      withinMs: 30_000,
      evidence: second.output,
    });
    await waitUntil('it is told', () => second.output().includes('an earlier run') || undefined, {
      withinMs: 10_000,
    });
    simulator.applyScenario('healthy');
    await second.stop();
  });
});

describe('the demo', () => {
  test('within a minute shows quantiles, an error, a cold start and a queue, and says DEMO everywhere', async () => {
    const exporter = await startExporter();
    const has = async (...patterns: RegExp[]): Promise<true | undefined> => {
      const text = await (await fetch(`${exporter.url}/metrics`)).text();
      return patterns.every((pattern) => pattern.test(text)) || undefined;
    };
    await waitUntil(
      'the demo is lively',
      () =>
        has(
          /fal_probe_duration_quantile_seconds\{[^}]*quantile="0.95",window="5m"\} \d/,
          /fal_probe_errors_total\{[^}]*\} [1-9]/,
          // A cold start takes 8 s and more, all of it queue wait; without one nobody waits 6 s.
          /fal_probe_queue_wait_seconds_bucket\{[^}]*le="\+Inf"\} [1-9]/,
          /fal_exporter_demo_mode 1/,
          /fal_account_balance_usd\{[^}]*\} \d/,
          /fal_probe_spend_usd_total\{account="default"\} 0\.\d/,
        ),
      { withinMs: 60_000, everyMs: 500, evidence: exporter.output },
    );
    const page = await (await fetch(`${exporter.url}/`)).text();
    expect(page).toContain('DEMO');
    expect(exporter.output()).toContain('DEMO');
    const { code, tookMs } = await exporter.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(1000);
  });
});

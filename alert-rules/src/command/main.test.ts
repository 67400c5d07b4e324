import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALERTS } from '../catalogue.ts';
import { isGenerated } from '../formats/generated-file.ts';
import type { AlertDescription } from './describe.ts';
import type { CommandIo, Files } from './io.ts';
import { main } from './main.ts';

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A disk in memory that can be told to fail. */
class Disk implements Files {
  readonly texts = new Map<string, string>();
  readonly unreadable = new Set<string>();
  readonly unwritable = new Set<string>();

  read(path: string): string | undefined {
    if (this.unreadable.has(path)) throw new Error('EACCES: permission denied');
    return this.texts.get(path);
  }

  write(path: string, text: string): void {
    if (this.unwritable.has(path)) throw new Error('ENOSPC: no space left on device');
    this.texts.set(path, text);
  }

  remove(path: string): void {
    this.texts.delete(path);
  }
}

let disk: Disk;
beforeEach(() => {
  disk = new Disk();
});

function run(...argv: readonly string[]): Run {
  let stdout = '';
  let stderr = '';
  const io: CommandIo = {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    cwd: '/home/me',
    files: disk,
    packageFolder: '/package',
  };
  const exitCode = main(argv, io);
  return { exitCode, stdout, stderr };
}

const RULES = '/home/me/out/prometheus/endpoint.yml';

describe('generate', () => {
  test('writes every form into the package unless told otherwise, and then has nothing left to write', () => {
    expect(run('generate')).toMatchObject({ exitCode: 0, stderr: '' });
    const paths = [...disk.texts.keys()].sort();
    expect(paths).toEqual(
      [
        'fal-alerts.example.yml',
        ...['rules.yml', 'pagerduty/rules.yml', 'pagerduty/contact-points.yml', 'policies/policies.yml'].map(
          (name) => `grafana/${name}`,
        ),
        ...['prometheus-rule.yml', 'service-monitor.yml'].map((name) => `operator/${name}`),
        ...['account', 'endpoint', 'meta', 'optional/slo', 'platform'].map(
          (name) => `prometheus/${name}.yml`,
        ),
      ]
        .map((path) => `/package/${path}`)
        .sort(),
    );
    expect([...disk.texts.values()].every(isGenerated)).toBe(true);
    expect(run('generate').stdout).toBe('12 files in /package are up to date\n');
  });

  test('writes the thresholds of an override file into every form', () => {
    disk.texts.set('/home/me/my.yml', 'alerts: { FalErrorRateHigh: { threshold: 3.21% } }');
    const { exitCode, stdout } = run('generate', '--overrides', 'my.yml', '--out', 'out');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('written prometheus/endpoint.yml\n');
    for (const path of [
      'prometheus/endpoint.yml',
      'grafana/rules.yml',
      'grafana/pagerduty/rules.yml',
      'operator/prometheus-rule.yml',
    ]) {
      expect(disk.texts.get(`/home/me/out/${path}`), path).toContain('> 0.0321');
    }
  });

  test('takes folders and files as absolute paths, too', () => {
    disk.texts.set('/etc/fal-alerts.yml', 'alerts: {}');
    expect(run('generate', '--overrides', '/etc/fal-alerts.yml', '--out', '/srv/rules').exitCode).toBe(0);
    expect(disk.texts.has('/srv/rules/prometheus/meta.yml')).toBe(true);
  });

  test('tells every problem of an override file and writes nothing', () => {
    disk.texts.set('/home/me/my.yml', 'alerts:\n  FalX: {}\n  FalErrorRateHigh: { threshold: 5 }\n');
    const before = new Map(disk.texts);
    const { exitCode, stdout, stderr } = run('generate', '--overrides', 'my.yml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^2 problems in my\.yml\n {2}my\.yml:2:3 alerts\.FalX: .*\n {2}my\.yml:3:34 .*did you mean 5%\?\n$/,
    );
    expect(disk.texts).toEqual(before);
  });

  test('says which override file it cannot find or read, and what to try', () => {
    expect(run('generate', '--overrides', 'my.yml')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'cannot find the override file my.yml; copy fal-alerts.example.yml and keep what you change\n',
    });
    disk.unreadable.add('/home/me/my.yml');
    expect(run('generate', '--overrides', 'my.yml').stderr).toBe(
      'cannot read the override file my.yml: EACCES: permission denied\n',
    );
  });

  test('never overwrites a file that it did not generate, and looks at all of them before it writes one', () => {
    disk.texts.set('/home/me/out/operator/service-monitor.yml', 'kind: ServiceMonitor\n');
    const { exitCode, stderr } = run('generate', '--out', 'out');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'cannot overwrite /home/me/out/operator/service-monitor.yml: it was not generated by this command',
    );
    expect([...disk.texts.keys()]).toEqual(['/home/me/out/operator/service-monitor.yml']);
  });

  test('says which file it could not write', () => {
    disk.unwritable.add(RULES);
    expect(run('generate', '--out', 'out')).toMatchObject({
      exitCode: 1,
      stderr: `cannot write ${RULES}: ENOSPC: no space left on device\n`,
    });
  });

  test('removes a rule file that other settings brought about, lest it stays in force', () => {
    disk.texts.set('/home/me/my.yml', 'alerts: { FalSlowBurn: { enabled: true } }');
    run('generate', '--overrides', 'my.yml', '--out', 'out');
    expect(disk.texts.has('/home/me/out/prometheus/slo.yml')).toBe(true);
    const { stdout } = run('generate', '--out', 'out');
    expect(stdout).toContain('removed prometheus/slo.yml\n');
    expect(disk.texts.has('/home/me/out/prometheus/slo.yml')).toBe(false);
  });

  test('leaves a file of the user alone that stands where one of ours could', () => {
    disk.texts.set('/home/me/out/prometheus/slo.yml', 'groups: []\n');
    expect(run('generate', '--out', 'out').exitCode).toBe(0);
    expect(disk.texts.get('/home/me/out/prometheus/slo.yml')).toBe('groups: []\n');
  });
});

describe('generate --check', () => {
  beforeEach(() => {
    run('generate', '--out', 'out');
  });

  test('says nothing against what was just generated', () => {
    expect(run('generate', '--out', 'out', '--check')).toEqual({
      exitCode: 0,
      stdout: 'all generated files are up to date\n',
      stderr: '',
    });
  });

  test('names what differs, is missing or is not wanted, writes nothing, and tells how to mend it', () => {
    disk.texts.set(RULES, `${disk.texts.get(RULES) ?? ''}# changed by hand\n`);
    disk.texts.delete('/home/me/out/prometheus/meta.yml');
    disk.texts.set('/home/me/out/prometheus/slo.yml', disk.texts.get(RULES) ?? '');
    const before = new Map(disk.texts);
    expect(run('generate', '--out', 'out', '--check')).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: [
        'prometheus/endpoint.yml: differs',
        'prometheus/meta.yml: missing',
        'prometheus/slo.yml: not wanted',
        'run fal-alert-rules generate --out out',
        '',
      ].join('\n'),
    });
    expect(disk.texts).toEqual(before);
  });

  test('sees that the thresholds changed', () => {
    disk.texts.set('/home/me/my.yml', 'alerts: { FalErrorRateHigh: { threshold: 3% } }');
    const { exitCode, stderr } = run('generate', '--overrides', 'my.yml', '--out', 'out', '--check');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('prometheus/endpoint.yml: differs\n');
    expect(stderr).not.toContain('prometheus/meta.yml');
    expect(stderr).toContain('run fal-alert-rules generate --overrides my.yml --out out\n');
  });
});

describe('list', () => {
  test('shows every alert with its meaning, its numbers filled in, and the metrics that feed it', () => {
    const { exitCode, stdout } = run('list');
    expect(exitCode).toBe(0);
    for (const { name } of ALERTS) expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
    expect(stdout).not.toMatch(/\{\w+\}/);
    expect(stdout).toMatch(
      /^FalErrorRateHigh +warning +5m +fal_client_errors_total, fal_client_requests_total, /m,
    );
    expect(stdout).toContain(
      '    More than 5 % of a model’s requests failed over two minutes, for 5 minutes, with at least 20 requests',
    );
    expect(stdout).toMatch(/^FalFastBurn +critical, off /m);
  });

  test('follows an override file', () => {
    disk.texts.set(
      '/home/me/my.yml',
      'alerts: { FalHourlyBudgetExceeded: { threshold: $25, severity: info } }',
    );
    const { stdout } = run('list', '--overrides', 'my.yml');
    expect(stdout).toMatch(/^FalHourlyBudgetExceeded +info /m);
    expect(stdout).toContain('; without one, more than 25 USD.\n');
  });

  test('as JSON is for a program: every alert, every field', () => {
    const alerts = JSON.parse(run('list', '--json').stdout) as AlertDescription[];
    expect(alerts.map(({ name }) => name)).toEqual(ALERTS.map(({ name }) => name));
    for (const { name, metrics, runbook, meaning } of alerts) {
      // The dead-man switch reads nothing.
      expect(metrics.length > 0 || name === 'Watchdog', name).toBe(true);
      expect(runbook).toBe(`http://localhost:10464/runbooks/${name}`);
      expect(meaning).not.toContain('{');
    }
  });
});

describe('explain', () => {
  test('tells meaning, expressions of both sources, what may be set with ranges, and the runbook', () => {
    const { exitCode, stdout } = run('explain', 'FalErrorRateHigh');
    expect(exitCode).toBe(0);
    for (const part of [
      'More than 5 % of a model’s requests failed',
      'Expression (source app)',
      'Expression (source probe)',
      '> 0.05',
      'alerts.FalErrorRateHigh in fal-alerts.yml',
      'a share from 0.01% to 99.99%',
      'a whole number from 1 to 1000000',
      'http://localhost:10464/runbooks/FalErrorRateHigh',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test.each(ALERTS.map(({ name }) => name))('has something to say about %s', (name) => {
    const { exitCode, stdout, stderr } = run('explain', name);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`What you may set under alerts.${name}`);
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  });

  test('tells how to switch on what is off', () => {
    expect(run('explain', 'FalFastBurn').stdout).toContain('no: set alerts.FalFastBurn.enabled to true');
  });

  test('tells what has no number, and the expression without and with one', () => {
    const withoutOne = run('explain', 'FalHourlyBudgetExceeded').stdout;
    expect(withoutOne).toContain('fal_account_budget_usd');
    expect(withoutOne).not.toContain('unless on (account)');
    disk.texts.set('/home/me/my.yml', 'alerts: { FalHourlyBudgetExceeded: { threshold: $25 } }');
    expect(run('explain', 'FalHourlyBudgetExceeded', '--overrides', 'my.yml').stdout).toMatch(
      /unless on \(account\) [^]* > 25$/m,
    );
    expect(run('explain', 'FalHourlyBudgetExceeded').stdout).toMatch(/threshold +not set +/);
  });

  test('guesses what a name that nobody knows was meant to be', () => {
    expect(run('explain', 'FalErorRateHigh')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'there is no alert FalErorRateHigh; did you mean FalErrorRateHigh?\n',
    });
    expect(run('explain', 'Banana').stderr).toContain('fal-alert-rules list shows all names');
  });
});

describe('the command line', () => {
  test('explains itself', () => {
    const { exitCode, stdout } = run('--help');
    expect(exitCode).toBe(0);
    for (const part of [
      'generate',
      'list',
      'explain',
      'Examples:',
      'Exit codes:',
      'FalHourlyBudgetExceeded',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test.each([[[]], [['generat']], [['generate', '--nope']], [['explain']], [['generate', '--out']]])(
    '%j is refused as wrong, with a pointer to the help',
    (argv) => {
      const { exitCode, stderr } = run(...argv);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/--help|Usage:/);
      expect(disk.texts.size).toBe(0);
    },
  );
});

describe('the program', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fal-alert-rules-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('runs with plain Node, writes real files whole, and leaves nothing else behind', async () => {
    await writeFile(join(folder, 'my.yml'), 'alerts: { FalSlowBurn: { enabled: true } }');
    const bin = fileURLToPath(new URL('../../bin/fal-alert-rules.js', import.meta.url));
    const argv = [bin, 'generate', '--overrides', 'my.yml', '--out', '.'];
    await promisify(execFile)(process.execPath, argv, { cwd: folder });
    expect((await readdir(join(folder, 'prometheus'))).sort()).toEqual(
      ['account', 'endpoint', 'meta', 'platform', 'slo'].map((name) => `${name}.yml`),
    );
    expect(isGenerated(await readFile(join(folder, 'prometheus/slo.yml'), 'utf8'))).toBe(true);
    const check = await promisify(execFile)(process.execPath, [...argv, '--check'], { cwd: folder });
    expect(check.stdout).toBe('all generated files are up to date\n');
  }, 30_000);
});

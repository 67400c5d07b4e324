import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_ACCOUNT,
  FAKE_API_KEY,
  type Job,
  type Simulator,
  type SimulatorServer,
  VirtualClock,
  createSimulator,
  defaultWorld,
} from 'fal-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandRun, runCommand } from './run-command.ts';

/** Three days of an account's past happen in virtual time; then its bill is read by the real program, as a user does. */
const HOUR_MS = 3_600_000;
const SHOP_KEY = 'shop-key-id:shop-key-secret';
const ADMIN_KEY = '0f0f0f0f-1234-4abc-8def-c0ffee000002:0123456789abcdefcafe0123456789ac';
const VIDEO = 'fal-ai/kling-video/v2/standard/text-to-video';

let simulator: Simulator;
let server: SimulatorServer;
let cwd: string;

beforeAll(async () => {
  const world = defaultWorld();
  for (const key of [...world.keys.values()]) {
    const [id = '', secret = ''] = (key.scope === 'ADMIN' ? ADMIN_KEY : SHOP_KEY).split(':');
    world.keys.set(`${id}:${secret}`, {
      ...key,
      id,
      secret,
      alias: key.scope === 'ADMIN' ? 'finance' : 'shop',
    });
  }
  const clock = new VirtualClock(Date.now() - 72 * HOUR_MS);
  simulator = createSimulator({ clock, seed: 3, world });
  const account = world.accounts.get(DEFAULT_ACCOUNT);
  for (let day = 0; day < 3; day += 1) {
    if (account !== undefined) account.percentDiscount = 10 * day;
    await submit('fal-ai/flux/dev', FAKE_API_KEY, 8);
    await submit('fal-ai/flux/schnell', SHOP_KEY, 5);
    await submit(VIDEO, SHOP_KEY, 1 + day);
    await clock.advance(23 * HOUR_MS);
  }
  server = await simulator.listen();
  cwd = mkdtempSync(join(tmpdir(), 'fal-observability-cost-'));
  writeFileSync(join(cwd, 'fal-exporter.yml'), 'account: { name: acme, low_balance_usd: 150 }\n');
});

afterAll(async () => {
  await server.close();
  simulator.close();
});

async function submit(endpointId: string, key: string, times: number): Promise<void> {
  for (let sent = 0; sent < times; sent += 1) {
    const { status } = await simulator.fetch(`https://queue.fal.run/${endpointId}`, {
      method: 'POST',
      headers: { authorization: `Key ${key}` },
      body: '{"prompt":"a lighthouse"}',
    });
    expect(status).toBe(200);
  }
}

/** Nano-dollars by what `nameOf` says of a job, from the simulator's ledger. */
function charged(nameOf: (job: Job) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const job of simulator.ledger.jobs) {
    sums.set(nameOf(job), (sums.get(nameOf(job)) ?? 0) + (job.chargedNano ?? 0));
  }
  return sums;
}

const aliasOf = ({ keyId }: Job): string => (keyId === 'shop-key-id' ? 'shop' : 'production');
const dayOf = ({ completedAt = 0 }: Job): string => new Date(completedAt).toISOString().slice(0, 10);
const whole = (): number => charged(() => 'all').get('all') ?? 0;

async function exporter(...args: readonly string[]): Promise<CommandRun> {
  const env = { FAL_SIMULATOR_URL: server.url, FAL_ADMIN_KEY: ADMIN_KEY };
  const run = await runCommand(args, { env, cwd });
  expect(run.stdout + run.stderr).not.toContain(ADMIN_KEY.split(':')[1]);
  expect(run.stderr).not.toMatch(/^\s+at .*\(?(file|node):/m);
  return run;
}

test('the bill is a table that adds up, and fits a terminal', async () => {
  const { code, stdout, stderr } = await exporter('cost', '--by', 'endpoint,key');
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Billed to acme from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, UTC \(fal’s usage\)\n\n/);
  const shown = [...stdout.matchAll(/^(fal-ai\/\S+) +(\S+) +([\d.]+) +[\d.]+ %$/gm)];
  const nanos = shown.map(([, endpoint, key, usd]) => [`${endpoint} ${key}`, Math.round(Number(usd) * 1e9)]);
  expect(new Map(nanos as [string, number][])).toEqual(charged((job) => `${job.endpointId} ${aliasOf(job)}`));
  expect(nanos.map(([name]) => name)[0]).toBe(`${VIDEO} shop`);
  expect(stdout).toMatch(new RegExp(`^TOTAL +${(whole() / 1e9).toFixed(4)} +100\\.0 %$`, 'm'));
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test('the bill is JSON and CSV of the same money, by whatever it is split', async () => {
  const [asJson, asCsv] = await Promise.all([
    exporter('cost', '--by', 'day,key', '--json'),
    exporter('cost', '--by', 'source,key', '--csv'),
  ]);
  const { rows, total } = JSON.parse(asJson.stdout) as {
    readonly rows: readonly {
      readonly day: string;
      readonly key: string;
      readonly billed_nano_usd: number;
    }[];
    readonly total: { readonly billed_nano_usd: number };
  };
  expect(new Map(rows.map((row) => [`${row.day} ${row.key}`, row.billed_nano_usd]))).toEqual(
    charged((job) => `${dayOf(job)} ${aliasOf(job)}`),
  );
  expect(total.billed_nano_usd).toBe(whole());
  const [head, ...records] = asCsv.stdout.trimEnd().split('\r\n');
  expect(head).toBe('source,key,billed_usd,listed_usd,requests');
  const byKey = records.map((record) => record.split(','));
  expect(new Map(byKey.map(([, key = '', usd]) => [key, Math.round(Number(usd) * 1e9)]))).toEqual(
    charged(aliasOf),
  );
  expect(byKey.map(([source, , , , requests]) => [source, requests])).toEqual([
    ['other', '21'],
    ['other', '24'],
  ]);
  expect(asCsv.stderr).toContain('knows no probe of this time');
});

test('the way there is checked: lock, balance and bill', async () => {
  const good = await exporter('check');
  expect(good.stdout).toMatch(/^✓ lock +fal does not refuse the account$/m);
  expect(good.stdout).toMatch(
    /^! balance +9\d\.\d\d USD, less than account\.low_balance_usd \(150\.00\)\n +→ top up/m,
  );
  expect(good.stdout).toMatch(/^✓ bill +billing events and usage can be read$/m);
  expect(good.code).toBe(0);
  simulator.applyScenario('locked-with-balance');
  const locked = await exporter('check', '--json');
  simulator.applyScenario('healthy');
  const { findings } = JSON.parse(locked.stdout) as {
    readonly findings: readonly { readonly name: string }[];
  };
  expect(findings.find(({ name }) => name === 'lock')).toMatchObject({
    ...{ state: 'fail', text: 'the account is locked: exhausted balance' },
  });
  expect(locked.code).toBe(3);
});

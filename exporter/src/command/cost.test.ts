import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKE_ADMIN_KEY, FAKE_API_KEY, type SimulatorServer } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../cost/cost-question.ts';
import { CostRig, FLUX, KEYS, SCHNELL, total } from '../cost/test-cost-rig.ts';
import { openState } from '../state/state-file.ts';
import { cost } from './cost.ts';
import type { CostOptions } from './cost-wish.ts';
import type { CommandIo } from './io.ts';
import { main } from './main.ts';

const DEFAULTS: CostOptions = { since: '7d', by: 'endpoint' };

interface Terminal {
  readonly io: CommandIo;
  readonly out: () => string;
  readonly err: () => string;
  readonly stop: AbortController;
}

function terminal(env: CommandIo['env'] = {}): Terminal {
  let [out, err] = ['', ''];
  const stop = new AbortController();
  const io: CommandIo = {
    ...{ stdout: (text) => void (out += text), stderr: (text) => void (err += text), env, cwd: tmpdir() },
    ...{ signal: stop.signal, onReload: () => undefined, onDefect: () => undefined, randomUuid: () => '' },
    relaunchWhenCold: () => undefined,
  };
  return { io, out: () => out, err: () => err, stop };
}

describe('a wrong command line', () => {
  it.each<[string[], RegExp]>([
    [
      ['--since', 'soon'],
      /^fal-exporter cost: --since: expected whole days such as 7d, or a day such as 2026-11-01$/m,
    ],
    [['--since', '999999999d'], /--since: /],
    [['--since', '6h'], /--since: expected whole days/],
    [['--since', '2026-02-30'], /--since: expected whole days/],
    [['--since', '2026-2-3'], /--since: expected whole days/],
    [['--since', '2999-01-01'], /--since must lie in the past/],
    [['--since', '400d'], /--since: at most 366 days before --until/],
    [['--until', 'never'], /--until: expected whole days/],
    [['--since', '2d', '--until', '3d'], /--since must lie before --until/],
    [['--since', '2d', '--until', '2d'], /--since must lie before --until/],
    [['--by', 'model'], /--by: expected some of day, endpoint, source, key, each once/],
    [['--by', 'day,day'], /--by: expected/],
    [['--by', ''], /--by: expected/],
    [['--json', '--csv'], /--json and --csv exclude each other/],
    [['--endpoint', 'flux'], /--endpoint: expected ids such as fal-ai\/flux\/dev, got "flux"/],
    [['--endpoint', 'a/b,'], /--endpoint: expected ids/],
    [['--endpoint', Array.from({ length: 51 }, (_, index) => `a/b${index}`).join()], /at most 50 models/],
    [['--endpoint'], /argument missing/],
    [['--csw'], /unknown option '--csw'/],
    [['yesterday'], /too many arguments/],
  ])('%j ends with code 2 and says what is expected', async (argv, words) => {
    const { io, out, err } = terminal();
    expect(await main(['cost', ...argv], io)).toBe(2);
    expect(err()).toMatch(words);
    expect(err()).toMatch(/--help tells more\)\n$/);
    expect(out()).toBe('');
  });

  it('is easily put right: --help tells all of it', async () => {
    const { io, out } = terminal();
    expect(await main(['cost', '--help'], io)).toBe(0);
    for (const word of [
      '--since',
      '--until',
      '--by',
      '--endpoint',
      '--json',
      '--csv',
      'FAL_ADMIN_KEY',
      'Exit codes',
    ]) {
      expect(out()).toContain(word);
    }
    expect(
      Math.max(
        ...out()
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThan(120);
  });
});

describe('the bill', () => {
  let rig: CostRig;
  let server: SimulatorServer;
  let stateDir: string;

  beforeEach(async () => {
    rig = new CostRig();
    server = await rig.simulator.listen({ port: 0 });
    stateDir = mkdtempSync(join(tmpdir(), 'fal-cost-'));
  });
  afterEach(async () => {
    await server.close();
    rig.simulator.close();
    rmSync(stateDir, { recursive: true });
  });

  /** Three days of two models and three keys, the last day at a discount. */
  async function threeDays(): Promise<void> {
    await rig.work({ times: 3 });
    await rig.clock.advance(DAY_MS);
    await rig.work({ times: 2, endpointId: SCHNELL, key: KEYS[1] });
    await rig.clock.advance(DAY_MS);
    rig.account.percentDiscount = 50;
    await rig.work({ times: 1, key: KEYS[2] });
  }

  const envOf = (more: CommandIo['env'] = {}): CommandIo['env'] => ({
    ...{ FAL_SIMULATOR_URL: server.url, FAL_KEY: FAKE_API_KEY, FAL_ADMIN_KEY: FAKE_ADMIN_KEY },
    ...more,
  });

  interface Told {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }

  async function told(options: Partial<CostOptions> = {}, on: Terminal = terminal(envOf())): Promise<Told> {
    const code = await cost({ ...DEFAULTS, stateDir, ...options }, on.io, rig.clock);
    for (const key of [FAKE_ADMIN_KEY, FAKE_API_KEY]) {
      expect(on.out() + on.err()).not.toContain(key.split(':')[1]);
    }
    return { code, out: on.out(), err: on.err() };
  }

  it('is a table of models unless told otherwise', async () => {
    await threeDays();
    expect((await told()).out.split('\n')).toEqual([
      'Billed to default from 2026-09-26 to 2026-10-03, UTC (fal’s usage)',
      '',
      'ENDPOINT                USD    SHARE',
      'fal-ai/flux/dev      0.0700   89.7 %',
      'fal-ai/flux/schnell  0.0080   10.3 %',
      'TOTAL                0.0780  100.0 %',
      '',
      'Discounts of 0.0100 USD are taken off already.',
      'DEMO: this is the bill of a simulated fal.',
      'The newest requests may be missing: fal adds them minutes to hours after they ended.',
      '',
    ]);
  });

  it('splits by what was asked for, in the time and for the models that were asked for', async () => {
    await threeDays();
    const days = await told({ by: 'day, key', until: '2026-10-03' });
    expect(days.out.match(/^2026.*/gm)).toEqual([
      '2026-10-01  production  0.0600   88.2 %',
      '2026-10-02  ci          0.0080   11.8 %',
    ]);
    expect(days.out).toContain('newest requests');
    expect((await told({ until: '1d' })).out).not.toContain('newest requests');
    const keys = await told({ by: 'key', since: '0d', endpoint: [FLUX, SCHNELL] });
    expect(keys.out).toMatch(/^Billed to default from 2026-10-03 to 2026-10-03/);
    expect(keys.out.match(/^(production|ci|shop).*/gm)).toEqual(['shop   0.0100  100.0 %']);
    expect((await told({ endpoint: ['acme/unknown'] })).out).toContain('Nothing was billed.');
  });

  it('is JSON for a program, to the nano-dollar', async () => {
    await threeDays();
    const ahead = { by: 'day,endpoint', json: true, until: '2026-12-31' };
    const json = JSON.parse((await told(ahead)).out) as {
      readonly rows: readonly { readonly billed_nano_usd: number }[];
    };
    expect(json).toMatchObject({
      ...{ account: 'default', since: '2026-09-26T00:00:00.000Z', read_from: 'usage' },
      until: new Date(rig.clock.now()).toISOString(),
      total: { billed_nano_usd: total(rig.charged()), listed_nano_usd: 88_000_000 },
    });
    expect(json.rows.reduce((sum, row) => sum + row.billed_nano_usd, 0)).toBe(total(rig.charged()));
  });

  it('is CSV for a spreadsheet, and what must be known besides goes to standard error', async () => {
    await threeDays();
    rig.simulator.applyScenario('usage-500');
    const { code, out, err } = await told({ by: 'key,endpoint', csv: true });
    expect([code, out.split('\r\n')]).toEqual([
      0,
      [
        'key,endpoint,billed_usd,listed_usd,requests',
        'production,fal-ai/flux/dev,0.060000000,0.060000000,3',
        'shop,fal-ai/flux/dev,0.010000000,0.020000000,1',
        'ci,fal-ai/flux/schnell,0.008000000,0.008000000,2',
        '',
      ],
    ]);
    expect(err).toContain('usage cannot be read');
  });

  it('by source tells the requests of our probes, as the exporter noted them, from the rest', async () => {
    const probes = await rig.work({ times: 2 });
    await rig.work({ times: 6 });
    const state = openState({ dir: join(stateDir, 'simulated'), clock: rig.clock });
    // Sent a minute before midnight, billed after it.
    for (const id of probes) state.probeRequests.add(id, rig.begin - 60_000);
    const { out } = await told({ by: 'source', since: '0d' });
    state.close();
    expect(out).toMatch(/^other +0\.1200 +75\.0 % +6 +0\.0200$/m);
    expect(out).toMatch(/^probe +0\.0400 +25\.0 % +2 +0\.0200$/m);
    const long = await told({ by: 'source', since: '36d' });
    expect(long.out).toContain('Probes that are older than 35 d count as other.');
  });

  it('by source says when no probe is known, and fails in words when none can be', async () => {
    await rig.work();
    expect((await told({ by: 'source' })).out).toContain('knows no probe of this time: all counts as other.');
    const file = join(stateDir, 'plain-file');
    writeFileSync(file, '');
    const unusable = await told({ by: 'source', stateDir: file });
    expect([unusable.code, unusable.out]).toEqual([1, '']);
    expect(unusable.err).toMatch(/^fal-exporter cost: .*plain-file/);
    expect((await told({ stateDir: file })).code).toBe(0);
  });

  it('needs an ADMIN key, and says where to get one', async () => {
    const words = /ADMIN.*fal\.ai\/dashboard\/keys and set FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE\n$/;
    for (const FAL_ADMIN_KEY of [
      FAKE_API_KEY,
      '0f0f0f0f-1234-4abc-8def-c0ffee000001:0123456789abcdefcafe0123456789ab',
    ]) {
      const refused = await told({}, terminal(envOf({ FAL_ADMIN_KEY })));
      expect([refused.code, refused.out]).toEqual([1, '']);
      expect(refused.err).toMatch(words);
      expect(refused.err).not.toContain('0123456789ab');
    }
    const { FAL_KEY } = envOf();
    const none = await told({}, terminal({ FAL_KEY }));
    expect([none.code, none.out]).toEqual([1, '']);
    expect(none.err).toMatch(words);
  });

  it('that fal does not tell is a failure with clear words', async () => {
    rig.simulator.applyScenario('host-down-platform');
    const down = await told();
    expect([down.code, down.out]).toEqual([3, '']);
    expect(down.err).toMatch(/^fal-exporter cost: \S.*\n$/);
    rig.simulator.applyScenario('healthy');
    rig.simulator.applyScenario('platform-rate-limited');
    expect((await told()).err).toMatch(/GET \/models\/usage: platform\.rate_limited; try again in 1 min\n$/);
    const nobody = await told({}, terminal(envOf({ FAL_SIMULATOR_URL: 'http://127.0.0.1:9' })));
    expect([nobody.code, nobody.err]).toEqual([
      3,
      'fal-exporter cost: GET /models/usage: network_error; fal-exporter check looks at the way to fal\n',
    ]);
  });

  it('that is interrupted ends with a sentence, and tells no half of it', async () => {
    rig.simulator.applyScenario('platform-hang');
    const on = terminal(envOf());
    const telling = told({}, on);
    on.stop.abort(new DOMException('Ctrl-C', 'AbortError'));
    expect(await telling).toEqual({
      ...{ code: 3, out: '' },
      err: 'fal-exporter cost: interrupted before the bill was whole\n',
    });
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from 'fal-simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAddress } from '../../config/address.ts';
import type { Fault } from '../fault.ts';
import { MODELS, failing, good } from './scene.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import { SyntheticNumbers } from './numbers.ts';
import { syntheticFault } from './synthetic-fault.ts';

const [MODEL] = MODELS;
const DRILL = {
  ...{ fault: [failing(MODEL, 'runner_server_error')], healed: [good(MODEL)] },
  ...{ expects: [], mayAlsoFire: [] },
};
const never = new AbortController().signal;
const LISTEN = { host: '127.0.0.1', port: 0 };

let folder: string;
let targetFile: string;
let clock: VirtualClock;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fal-drill-'));
  targetFile = join(folder, 'drill', 'fal.yml');
  clock = new VirtualClock();
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fault(file: string | undefined = targetFile, advertise?: string): Fault {
  const say = (text: string): void => void said.push(text);
  return syntheticFault({ drill: DRILL, listen: LISTEN, targetFile: file, advertise, clock, say });
}

/** Lets the real server come up, which no virtual clock can hurry. */
async function untilSaid(): Promise<string> {
  while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const [, target = ''] = /(127\.0\.0\.1:\d+)/.exec(said[0] ?? '') ?? [];
  return target;
}

describe('a synthetic fault', () => {
  it('begins with the first scrape, and leaves no file behind', async () => {
    const own = fault();
    const starting = own.start(never);
    const target = await untilSaid();
    expect(readFileSync(targetFile, 'utf8')).toContain(`[{"targets":["${target}"]}]`);
    const body = await (await fetch(`http://${target}/metrics`)).text();
    expect(body).toContain('account="fire-drill"');
    await clock.advance(1000);
    await starting;
    await own.heal();
    await own.close();
    expect(existsSync(targetFile)).toBe(false);
    await expect(fetch(`http://${target}/metrics`)).rejects.toThrow();
  });

  it('gives up when nobody scrapes it, and says what to check', async () => {
    const own = fault();
    const starting = own.start(never);
    starting.catch(() => undefined);
    await untilSaid();
    await clock.advance(91_000);
    await expect(starting).rejects.toMatchObject({
      isBrokenChain: true,
      message: expect.stringContaining('file_sd_configs') as string,
    });
    await own.close();
    expect(existsSync(targetFile)).toBe(false);
  });

  it('shows the job to add when it may write no file', async () => {
    const own = syntheticFault({ drill: DRILL, listen: LISTEN, clock, say: (text) => void said.push(text) });
    const stop = new AbortController();
    const starting = own.start(stop.signal);
    starting.catch(() => undefined);
    const target = await untilSaid();
    expect(said[0]).toContain(`  - job_name: fal-drill\n    static_configs:\n      - targets: ['${target}']`);
    stop.abort();
    await clock.advance(1000);
    await expect(starting).rejects.toThrow();
    await own.close();
  });

  it('writes the address under which Prometheus reaches it', async () => {
    const own = fault(targetFile, 'host.docker.internal:10466');
    own.start(AbortSignal.timeout(60_000)).catch(() => undefined);
    while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(targetFile, 'utf8')).toContain('host.docker.internal:10466');
    await own.close();
  });

  it('never overwrites or removes a file of somebody else', async () => {
    const foreign = join(folder, 'mine.yml');
    writeFileSync(foreign, '- targets: [a:1]\n');
    const own = fault(foreign);
    await expect(own.start(never)).rejects.toThrow(/is not of a drill/);
    await own.close();
    expect(readFileSync(foreign, 'utf8')).toBe('- targets: [a:1]\n');
  });

  it('overwrites what a killed drill left', async () => {
    const left = join(folder, 'left.json');
    writeFileSync(left, '[{"targets":["127.0.0.1:1"]}]\n');
    const own = fault(left);
    own.start(AbortSignal.timeout(60_000)).catch(() => undefined);
    const target = await untilSaid();
    expect(JSON.parse(readFileSync(left, 'utf8'))).toEqual([{ targets: [target] }]);
    await own.close();
    expect(existsSync(left)).toBe(false);
  });

  it('tells when scrapes stop', async () => {
    const own = fault();
    const starting = own.start(never);
    const target = await untilSaid();
    await fetch(`http://${target}/metrics`);
    await clock.advance(1000);
    await starting;
    expect(own.trouble()).toBeUndefined();
    await clock.advance(120_000);
    expect(own.trouble()).toMatch(/nobody has scraped the drill for 2 min/);
    await own.close();
  });
});

describe('the server of a drill', () => {
  let server: MetricsServer;
  let url: string;

  beforeEach(async () => {
    server = await serveMetrics(new SyntheticNumbers(DRILL, clock).store, LISTEN, clock);
    url = `http://${formatAddress(server.address)}`;
  });
  afterEach(() => server.close());

  it('serves one page to GET and HEAD, and nothing else', async () => {
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toMatch(
      /^text\/plain; version=0\.0\.4/,
    );
    expect((await fetch(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('speaks OpenMetrics to whom wants it', async () => {
    const headers = { accept: 'application/openmetrics-text; version=1.0.0' };
    expect(await (await fetch(`${url}/metrics`, { headers })).text()).toMatch(/# EOF\n$/);
  });

  it('counts nothing but a scrape as one', async () => {
    await fetch(`${url}/`);
    expect(server.scrapedAt()).toBeUndefined();
  });

  it('refuses overlong headers', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url}/metrics`, { headers: { long: 'x'.repeat(9000) } }, ({ statusCode }) =>
        resolve(statusCode),
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(431);
  });

  it('names the address that it cannot have, and the option', async () => {
    const again = serveMetrics(new SyntheticNumbers(DRILL, clock).store, server.address, clock);
    await expect(again).rejects.toThrow(new RegExp(`${formatAddress(server.address)}.*--listen`));
  });
});

import { existsSync } from 'node:fs';
import { type Simulator, type SimulatorServer, VirtualClock, createSimulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from './main.ts';
import { drill } from './drill.ts';
import type { DrillOptions } from './drill-options.ts';
import type { CommandIo } from './io.ts';

const OPTIONS: DrillOptions = {
  ...{ exporter: 'http://exporter:10464', prometheus: 'http://prometheus:9090' },
  ...{ alertmanager: 'http://alertmanager:9093', listen: '127.0.0.1:0' },
};

interface Terminal {
  readonly io: CommandIo;
  readonly out: string[];
  readonly err: string[];
  readonly stop: AbortController;
}

function terminal(): Terminal {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const io: CommandIo = {
    ...{ stdout: (text) => void out.push(text), stderr: (text) => void err.push(text), env: {}, cwd: '/' },
    ...{ signal: stop.signal, onReload: () => undefined, onDefect: () => undefined, randomUuid: () => '' },
    relaunchWhenCold: () => undefined,
  };
  return { io, out, err, stop };
}

/** A network in which everything that is asked is a mistake. */
const nobody = { clock: new VirtualClock(), fetch: (() => Promise.reject(new Error('asked'))) as Fetch };

describe('drill --list', () => {
  it('shows each drill with what arrives where, and by when', async () => {
    const { io, out } = terminal();
    expect(await main(['drill', '--list'], io)).toBe(0);
    const text = out.join('');
    expect(text).toContain('outage\n  Every request to every model fails with 503: fal is down.\n  demo ');
    expect(text).toMatch(
      /--synthetic {2}FalPlatformDown +critical {2}PagerDuty, high urgency +by 2 min 15 s +ends 7 min 15 s\n/,
    );
    expect(text).toMatch(
      / {15}FalErrorRateCritical +critical {2}held back by FalPlatformDown {2}fires by 3 min /,
    );
    expect(text).toMatch(/FalStatusIncident +info +chat, no page/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(120);
  });

  it('is a list for a program, too', async () => {
    const { io, out } = terminal();
    expect(await main(['drill', '--list', '--json'], io)).toBe(0);
    const drills = JSON.parse(out.join('')) as {
      name: string;
      ways: Record<string, { alerts: unknown[] }>;
    }[];
    expect(drills.find(({ name }) => name === 'hang')?.ways.synthetic?.alerts[0]).toEqual({
      ...{ alert: 'FalRequestsStuck', severity: 'critical', destination: 'PagerDuty, high urgency' },
      ...{
        held_back_by: [],
        fires_within_seconds: 165,
        arrives_within_seconds: 180,
        ends_within_seconds: 165,
      },
    });
  });
});

describe('drill --dry-run', () => {
  it('tells what it would do to the demo and what should come, and asks nobody', async () => {
    const { io, out } = terminal();
    expect(await drill('outage', { ...OPTIONS, dryRun: true, minutes: '5' }, io, nobody)).toBe(0);
    const text = out.join('');
    expect(text).toContain('drill outage, dry run: nothing is asked, started or changed');
    expect(text).toContain(
      '1. ask the exporter (http://exporter:10464) whether it shows a demo, and stop unless it does',
    );
    expect(text).toContain('3. switch the scenario outage of its simulator on');
    expect(text).toContain('for 5 min at most');
    expect(text).toMatch(/FalPlatformDown +critical +PagerDuty, high urgency +2 min 45 s +3 min\n/);
  });

  it('tells which file it would write, and writes none', async () => {
    const { io, out } = terminal();
    const targetFile = '/nowhere/drill.yml';
    const options = { ...OPTIONS, dryRun: true, synthetic: true, targetFile };
    expect(await drill('hang', options, io, nobody)).toBe(0);
    expect(out.join('')).toContain('write 127.0.0.1:0 into /nowhere/drill.yml');
    expect(out.join('')).toContain('remove /nowhere/drill.yml and stop serving');
    expect(existsSync(targetFile)).toBe(false);
  });

  it('is a plan for a program, too, without a login in it', async () => {
    const { io, out } = terminal();
    const options = { ...OPTIONS, dryRun: true, json: true, prometheus: 'https://me:secret@prometheus' };
    expect(await drill('outage', options, io, nobody)).toBe(0);
    expect(JSON.parse(out.join(''))).toMatchObject({
      drill: 'outage',
      way: 'demo',
      alerts: [{ alert: 'FalPlatformDown' }, {}],
    });
    expect(out.join('')).not.toContain('secret');
  });
});

describe('a wrong command line', () => {
  it.each<[string | undefined, Partial<DrillOptions>, RegExp]>([
    [undefined, {}, /name a drill.*--list/],
    ['outag', {}, /no drill "outag"\. Did you mean outage\?/],
    ['slow', {}, /the demo cannot do slow: add --synthetic/],
    ['outage', { minutes: 'soon' }, /--minutes: expected a number up to 240/],
    ['outage', { minutes: '0' }, /--minutes/],
    ['outage', { minutes: '241' }, /--minutes/],
    ['outage', { prometheus: 'localhost:9090' }, /--prometheus: expected a URL/],
    ['outage', { exporter: 'file:///etc/passwd' }, /--exporter: expected a URL/],
    ['outage', { synthetic: true, listen: 'here' }, /--listen: expected host:port/],
    ['outage', { synthetic: true, targetFile: 'drill.txt' }, /--target-file: expected a name that ends in/],
    ['outage', { targetFile: 'drill.yml' }, /need --synthetic/],
  ])('%s %j ends with code 2 and says what is expected', async (name, given, words) => {
    const { io, out, err } = terminal();
    expect(await drill(name, { ...OPTIONS, ...given }, io, nobody)).toBe(2);
    expect(err.join('')).toMatch(words);
    expect(out).toEqual([]);
  });
});

describe('a drill against a demo', () => {
  let simulator: Simulator;
  let server: SimulatorServer;

  beforeEach(async () => {
    simulator = createSimulator({ scenario: 'demo' });
    server = await simulator.listen({ port: 0 });
  });
  afterEach(async () => {
    await server.close();
    simulator.close();
  });

  /** The exporter says `health`; the simulator is real; Prometheus and Alertmanager are not there. */
  function world(health: Readonly<Record<string, unknown>>): {
    readonly clock: VirtualClock;
    readonly fetch: Fetch;
  } {
    return {
      clock: new VirtualClock(),
      fetch: (input, init) => {
        const { url } = new Request(input);
        if (url.startsWith(server.url)) return fetch(url, init);
        if (url.startsWith(OPTIONS.exporter)) return Promise.resolve(new Response(JSON.stringify(health)));
        return Promise.reject(new Error('not there'));
      },
    };
  }

  /** Real sockets need real turns of the event loop between the virtual seconds. */
  async function until(isSo: () => boolean, clock: VirtualClock): Promise<void> {
    for (let turns = 0; !isSo(); turns += 1) {
      if (turns > 20_000) throw new Error('it did not come to that');
      await clock.advance(100);
    }
  }

  it('refuses real data, and touches nothing', async () => {
    const { io, err } = terminal();
    expect(await drill('outage', OPTIONS, io, world({ demo: false, simulator: server.url }))).toBe(1);
    expect(err.join('')).toContain('a drill never touches real data');
    expect(simulator.scenario).toBe('demo');
  });

  it('without Prometheus breaks, tells times, heals, and ends with code 3: nothing is proven', async () => {
    const { io, out } = terminal();
    const own = world({ demo: true, simulator: server.url });
    let code: number | undefined;
    void drill('outage', OPTIONS, io, own).then((ended) => (code = ended));
    await until(() => simulator.scenario === 'outage', own.clock);
    await until(() => code !== undefined, own.clock);
    expect([code, simulator.scenario]).toEqual([3, 'demo']);
    const text = out.join('');
    expect(text).toContain('Prometheus cannot be asked: http://prometheus:9090 does not answer');
    expect(text).toContain('look at your phone: FalPlatformDown, FalProbeFailing should be there');
    expect(text).toContain('nothing is proven from here');
  });

  it('heals on Ctrl-C', async () => {
    const { io, out, stop } = terminal();
    const own = world({ demo: true, simulator: server.url });
    let code: number | undefined;
    void drill('hang', OPTIONS, io, own).then((ended) => (code = ended));
    await until(() => simulator.scenario === 'hang', own.clock);
    stop.abort(new DOMException('Ctrl-C', 'AbortError'));
    await until(() => code !== undefined, own.clock);
    expect([code, simulator.scenario]).toEqual([3, 'demo']);
    expect(out.join('')).toContain('Interrupted. The fault is healed');
  });

  it('that is stopped before it broke anything says so, and is no crash', async () => {
    const { io, err, stop } = terminal();
    const own = world({ demo: true, simulator: server.url });
    const answers: Readonly<Record<string, unknown>> = {
      '/api/v1/rules': { data: { groups: [] } },
      '/api/v1/alertmanagers': { data: { activeAlertmanagers: [] } },
      '/api/v1/query': { data: { result: [] } },
    };
    const network: Fetch = (input, init) => {
      const { url } = new Request(input);
      const answer = answers[new URL(url).pathname];
      return answer === undefined
        ? own.fetch(input, init)
        : Promise.resolve(new Response(JSON.stringify(answer)));
    };
    let code: number | undefined;
    void drill('hang', OPTIONS, io, { ...own, fetch: network }).then((ended) => (code = ended));
    // It looks a second time after six seconds, and is stopped meanwhile.
    await until(() => own.clock.pending > 0, own.clock);
    stop.abort(new DOMException('Ctrl-C', 'AbortError'));
    await until(() => code !== undefined, own.clock);
    expect([code, simulator.scenario]).toEqual([3, 'demo']);
    expect(err.join('')).toContain('interrupted before anything was broken');
  });

  it('gives a program its result on standard output, and people the time line on standard error', async () => {
    const { io, out, err, stop } = terminal();
    const own = world({ demo: true, simulator: server.url });
    let code: number | undefined;
    void drill('hang', { ...OPTIONS, json: true }, io, own).then((ended) => (code = ended));
    await until(() => simulator.scenario === 'hang', own.clock);
    stop.abort(new DOMException('Ctrl-C', 'AbortError'));
    await until(() => code !== undefined, own.clock);
    expect(JSON.parse(out.join(''))).toMatchObject({ drill: 'hang', way: 'demo', verdict: 'interrupted' });
    expect(err.join('')).toContain('fault on');
  });

  it('--heal ends what a killed drill left', async () => {
    const { io, out } = terminal();
    simulator.applyScenario('outage');
    const own = world({ demo: true, simulator: server.url });
    expect(await drill('hang', OPTIONS, io, own)).toBe(1);
    expect(await drill(undefined, { ...OPTIONS, heal: true }, io, own)).toBe(0);
    expect(simulator.scenario).toBe('demo');
    expect(out.join('')).toContain('ran the scenario outage; now it runs demo');
  });
});

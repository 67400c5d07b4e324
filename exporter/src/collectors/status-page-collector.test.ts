import { FAKE_ADMIN_KEY, FAKE_API_KEY, VirtualClock, createSimulator } from 'fal-simulator';
import type { Simulator } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../config/test-config.ts';
import type { CollectorRan, DomainEvent, StatusPageObserved } from '../domain/events.ts';
import { simulatorFetch } from '../fal/simulator-fetch.ts';
import { CollectorRunner } from './collector-runner.ts';
import { createCollectors } from './registry.ts';
import { testPorts } from './test-ports.ts';

interface Outcome {
  readonly ran: CollectorRan | undefined;
  readonly observed: StatusPageObserved | undefined;
}

/** One run of the collector as the exporter makes it, over any fetch. */
async function read(clock: VirtualClock, fetch: Fetch, parts = {}): Promise<Outcome> {
  const access = { clock, fetch, falKey: () => FAKE_API_KEY };
  const collectors = createCollectors({
    ...{ config: testConfig(parts), access, adminKey: () => FAKE_ADMIN_KEY, ports: testPorts(clock) },
  });
  const collector = collectors.find(({ name }) => name === 'status-page');
  if (collector === undefined) throw new Error('no status page collector');
  const events: DomainEvent[] = [];
  const runner = new CollectorRunner({ clock, random: () => 0.5, emit: (event) => events.push(event) });
  const running = runner.run(collector, new AbortController().signal);
  await clock.advance(60_000);
  await running;
  return {
    ran: events.find((event) => event.kind === 'collector_ran'),
    observed: events.find((event) => event.kind === 'status_page_observed'),
  };
}

function simulated(scenario = 'healthy'): { clock: VirtualClock; simulator: Simulator; fetch: Fetch } {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 5, scenario });
  return { clock, simulator, fetch: (input, init) => simulator.fetch(input, init) };
}

function addressOf(input: Parameters<Fetch>[0]): string {
  return input instanceof Request ? input.url : input.toString();
}

/** A page that answers each path with a body, and 404 elsewhere. */
function pageOf(answers: Readonly<Record<string, string | (() => Response)>>, asked: string[] = []): Fetch {
  return (input) => {
    const { pathname } = new URL(addressOf(input));
    asked.push(pathname);
    const answer = answers[pathname];
    if (typeof answer === 'function') return Promise.resolve(answer());
    const response = answer === undefined ? new Response('no', { status: 404 }) : new Response(answer);
    return Promise.resolve(response);
  };
}

const QUIET = '{"page":{"name":"fal","url":"https://status.fal.ai","status":"UP"}}';
const COMPONENTS = '{"components":[{"id":"a","name":"Model API","status":"OPERATIONAL"}]}';
const HTML = '<!doctype html><html><body>fal secret-token-in-a-page</body></html>';

describe('the status page of the simulator', () => {
  it('is operational in all its components on a quiet day', async () => {
    const { clock, fetch } = simulated();
    const { ran, observed } = await read(clock, fetch);
    expect(observed).toMatchObject({ overall: 'operational', incidents: [] });
    expect(observed?.components).toEqual([
      { name: 'Model API', state: 'operational' },
      { name: 'Serverless API', state: 'operational' },
      { name: 'Serverless Dashboard', state: 'operational' },
    ]);
    expect(ran).toMatchObject({ ok: true });
  });

  it('tells its incident with impact, start and address, and takes it back when it is over', async () => {
    const { clock, simulator, fetch } = simulated('status-page-incident');
    const start = clock.now();
    const { observed } = await read(clock, fetch);
    expect(observed).toMatchObject({
      overall: 'issues',
      incidents: [{ title: 'Elevated error rates on Model API', impact: 'major', since: start }],
    });
    expect(observed?.incidents[0]?.url).toMatch(/^https:\/\/status\.fal\.ai\/incident\/c[0-9a-z]{24}$/);
    expect(observed?.components?.[0]).toEqual({ name: 'Model API', state: 'partial_outage' });
    simulator.applyScenario('healthy');
    const after = await read(clock, fetch);
    expect(after.observed).toMatchObject({ overall: 'operational', incidents: [] });
  });

  it('says the same through its feed, of which the impact is not known, when the JSON is gone', async () => {
    const { clock, simulator, fetch } = simulated('status-page-incident');
    const feedOnly: Fetch = (input, init) =>
      addressOf(input).endsWith('.json')
        ? Promise.resolve(new Response('gone', { status: 404 }))
        : fetch(input, init);
    const start = clock.now();
    const { observed } = await read(clock, feedOnly);
    expect(observed).toMatchObject({
      incidents: [{ title: 'Elevated error rates on Model API', impact: 'minor', since: start }],
    });
    expect(observed?.components).toBeUndefined();
    simulator.applyScenario('healthy');
    expect((await read(clock, feedOnly)).observed?.incidents).toEqual([]);
  });

  it.each([
    ['status-page-html', 'HTTP 502 with an HTML page'],
    ['host-down-status', 'status.fal.ai'],
  ])('fails in words under %s and invents nothing', async (scenario, words) => {
    const { clock, fetch } = simulated(scenario);
    const { ran, observed } = await read(clock, fetch);
    expect(observed).toBeUndefined();
    expect(ran?.ok).toBe(false);
    expect(ran?.problem).toContain('GET status.fal.ai/summary.json: ');
    expect(ran?.problem).toContain(words);
  });

  it('is not touched by a hang of the platform', async () => {
    const { clock, fetch } = simulated('platform-hang');
    expect((await read(clock, fetch)).observed).toMatchObject({ overall: 'operational' });
  });

  it('is the simulated one in simulator mode, even when another address is configured', async () => {
    const { clock, simulator } = simulated();
    const asked: string[] = [];
    const inner: Fetch = (input, init) => {
      asked.push(addressOf(input));
      return simulator.fetch(addressOf(input).replace('http://127.0.0.1:10465/', 'https://'), init);
    };
    const { observed } = await read(clock, simulatorFetch('http://127.0.0.1:10465', inner), {
      simulatorUrl: 'http://127.0.0.1:10465',
      statusPage: { enabled: true, url: 'https://status.example.com/fal' },
    });
    expect(observed).toMatchObject({ overall: 'operational' });
    expect(asked[0]).toBe('http://127.0.0.1:10465/status.fal.ai/summary.json');
  });
});

describe('what is sent to the status page', () => {
  it('holds no key, no cookie and nothing but GET, whatever form is tried', async () => {
    const sent: string[] = [];
    const fetch: Fetch = (input, init) => {
      const headers = [...new Headers(init?.headers)];
      sent.push(JSON.stringify([addressOf(input), init?.method, init?.body, headers]));
      expect(headers.map(([name]) => name)).toEqual(['accept']);
      expect([init?.method, init?.body, init?.credentials]).toEqual([undefined, undefined, 'omit']);
      return Promise.resolve(new Response(HTML));
    };
    await read(new VirtualClock(), fetch);
    expect(sent.map((request) => (JSON.parse(request) as string[])[0])).toEqual([
      'https://status.fal.ai/summary.json',
      'https://status.fal.ai/api/v2/summary.json',
      'https://status.fal.ai/feed/',
    ]);
    for (const secret of [FAKE_API_KEY, FAKE_ADMIN_KEY]) {
      for (const half of secret.split(':')) expect(sent.join()).not.toContain(half);
    }
  });

  it('goes to the configured page below its path', async () => {
    const asked: string[] = [];
    const fetch = pageOf({ '/fal/summary.json': QUIET, '/fal/v2/components.json': COMPONENTS }, asked);
    const statusPage = { enabled: true, url: 'https://status.example.com/fal' };
    const { observed } = await read(new VirtualClock(), fetch, { statusPage });
    expect(observed).toMatchObject({ components: [{ name: 'Model API', state: 'operational' }] });
    expect(asked).toEqual(['/fal/summary.json', '/fal/v2/components.json']);
  });
});

describe('a page that misbehaves', () => {
  it.each<[string, () => Response, string]>([
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.example' } }),
      'redirect',
    ],
    ['a page for people', () => new Response(HTML), 'an HTML page'],
    ['half a summary', () => new Response(QUIET.slice(0, 30)), 'only a part'],
    ['JSON of another kind', () => new Response('{"status":"UP"}'), 'expected the JSON summary'],
    ['nothing', () => new Response(' '), 'an empty body'],
    [
      'a body beyond all measure',
      () => new Response('x'.repeat(1024 * 1024 + 1)),
      'larger than 1048576 bytes',
    ],
    ['a rate limit', () => new Response('{}', { status: 429 }), 'HTTP 429'],
  ])('fails in words for %s', async (_name, answer, words) => {
    const fetch: Fetch = () => Promise.resolve(answer());
    const { ran, observed } = await read(new VirtualClock(), fetch);
    expect(observed).toBeUndefined();
    expect(ran).toMatchObject({ ok: false, problem: expect.stringContaining(words) as string });
    expect(ran?.problem).not.toMatch(/evil|secret-token/);
    expect(ran?.problem?.length).toBeLessThan(200);
  });

  it('is given up after ten seconds, and not asked again under other paths', async () => {
    const clock = new VirtualClock();
    const asked: string[] = [];
    const start = clock.now();
    const { ran } = await read(clock, (input) => {
      asked.push(addressOf(input));
      return new Promise(() => undefined);
    });
    expect(ran).toMatchObject({
      ok: false,
      problem: expect.stringContaining('within 10 s') as string,
      at: start + 10_000,
    });
    expect(asked).toHaveLength(1);
  });

  it('is given up in mid-body, too', async () => {
    const dripping = (async function* (): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"page"');
      await new Promise(() => undefined);
    })();
    const fetch: Fetch = () => Promise.resolve(new Response(ReadableStream.from(dripping)));
    const { ran } = await read(new VirtualClock(), fetch);
    expect(ran?.problem).toContain('within 10 s');
  });

  it('tells the code of a failed connection and none of its text', async () => {
    const cause = Object.assign(new Error(`getaddrinfo with ${FAKE_API_KEY}`), { code: 'ENOTFOUND' });
    const { ran } = await read(new VirtualClock(), () =>
      Promise.reject(new TypeError('fetch failed', { cause })),
    );
    expect(ran?.problem).toBe(
      'GET status.fal.ai/summary.json: no answer (ENOTFOUND); can this machine reach status.fal.ai?',
    );
  });

  it.each<[string, () => Response]>([
    ['are not there', () => new Response('no', { status: 404 })],
    ['are a page for people', () => new Response(HTML)],
    ['are cut', () => new Response(COMPONENTS.slice(0, 20))],
  ])('still tells its incidents when the components %s', async (_name, components) => {
    const fetch = pageOf({ '/summary.json': QUIET, '/v2/components.json': components });
    const { ran, observed } = await read(new VirtualClock(), fetch);
    expect(observed).toMatchObject({ overall: 'operational', incidents: [] });
    expect(observed?.components).toBeUndefined();
    expect(ran?.ok).toBe(true);
  });

  it('ends at once when the exporter stops', async () => {
    const clock = new VirtualClock();
    const stopping = new AbortController();
    const events: DomainEvent[] = [];
    const access = { clock, fetch: () => new Promise<never>(() => undefined), falKey: () => undefined };
    const [collector] = createCollectors({
      ...{ config: testConfig({}), access, adminKey: () => undefined, ports: testPorts(clock) },
    });
    if (collector === undefined) throw new Error('no collector');
    const runner = new CollectorRunner({ clock, random: () => 0.5, emit: (event) => events.push(event) });
    const running = runner.run(collector, stopping.signal);
    stopping.abort(new Error('stop'));
    await running;
    expect(events).toEqual([]);
  });
});

import { FAKE_ADMIN_KEY, FAKE_API_KEY, VirtualClock } from 'fal-simulator';
import type { Fetch } from 'opentelemetry-instrumentation-fal/core';
import { describe, expect, it } from 'vitest';
import { testCollectors, testConfig } from '../config/test-config.ts';
import type { Config, Credentials } from '../config/config.ts';
import { ADMIN_COLLECTORS, COLLECTOR_NAMES, type CollectorName } from '../domain/collector-name.ts';
import { CollectorRunner } from './collector-runner.ts';
import type { Collector } from './collector.ts';
import { createCollectors, wantedCollectors } from './registry.ts';
import { testPorts } from './test-ports.ts';

const BOTH: Credentials = { falKey: FAKE_API_KEY, falAdminKey: FAKE_ADMIN_KEY };
const API_ONLY: Credentials = { falKey: FAKE_API_KEY };
const ADMIN_ONLY: Credentials = { falAdminKey: FAKE_ADMIN_KEY };

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
}

interface Built {
  readonly collectors: readonly Collector[];
  readonly names: readonly CollectorName[];
  readonly sent: Sent[];
  readonly clock: VirtualClock;
}

/** The collectors of a configuration with one model, and what they send. */
function build(keys: Credentials, parts: Partial<Config> = {}): Built {
  const clock = new VirtualClock();
  const sent: Sent[] = [];
  const fetch: Fetch = (input, init) => {
    const request = new Request(input, init);
    sent.push({ url: request.url, authorization: request.headers.get('authorization') });
    return Promise.resolve(new Response('{}', { status: 500 }));
  };
  const config = testConfig({ endpoints: [{ id: 'fal-ai/flux/dev', latencyLimitSeconds: 60 }], ...parts });
  const collectors = createCollectors({
    ...{ config, adminKey: () => keys.falAdminKey, access: { clock, fetch, falKey: () => keys.falKey } },
    ports: { ...testPorts(clock), showAppMetrics: () => undefined },
  });
  return { collectors, names: collectors.map(({ name }) => name), sent, clock };
}

const sorted = (names: Iterable<CollectorName>): CollectorName[] => [...names].sort();

describe('the list of collectors', () => {
  it('is whole with both keys and a model, and begins with the prices', () => {
    const { names } = build(BOTH);
    expect(sorted(names)).toEqual(sorted(COLLECTOR_NAMES));
    expect(names[0]).toBe('pricing');
  });

  it.each(COLLECTOR_NAMES)('lacks %s when it is switched off, and nothing else', (name) => {
    const collectors = { ...testCollectors(), [name]: { ...testCollectors()[name], enabled: false } };
    const { names } = build(BOTH, { collectors });
    expect(sorted(names)).toEqual(sorted(COLLECTOR_NAMES).filter((other) => other !== name));
  });

  it('lacks the status page when its own section switches it off', () => {
    const { names } = build(BOTH, { statusPage: { enabled: false, url: 'https://status.fal.ai' } });
    expect(names).not.toContain('status-page');
  });

  it('has only what needs no ADMIN key without one', () => {
    const { names } = build(API_ONLY);
    expect(sorted(names)).toEqual(sorted(COLLECTOR_NAMES).filter((name) => !ADMIN_COLLECTORS.has(name)));
  });

  it('never reads with an ADMIN key what an API key is for', () => {
    expect(sorted(build(ADMIN_ONLY).names)).toEqual(sorted([...ADMIN_COLLECTORS, 'models', 'status-page']));
    expect(sorted(build({}).names)).toEqual(['models', 'status-page']);
  });

  it('asks about no model when none is configured', () => {
    const { names } = build(BOTH, { endpoints: [] });
    const asking = ['pricing', 'models', 'analytics', 'request-history'];
    expect(sorted(names)).toEqual(sorted(COLLECTOR_NAMES).filter((name) => !asking.includes(name)));
  });

  it('reads no metrics of apps when nobody shows them', () => {
    const clock = new VirtualClock();
    const access = { clock, fetch, falKey: () => FAKE_API_KEY };
    const options = { config: testConfig({}), access, adminKey: () => undefined, ports: testPorts(clock) };
    expect(createCollectors(options).map(({ name }) => name)).not.toContain('serverless-metrics');
  });

  it('gives each collector its own interval and calls', () => {
    const collectors = testCollectors();
    const config = Object.fromEntries(
      COLLECTOR_NAMES.map((name, index) => [
        name,
        { ...collectors[name], intervalMs: 10_000 + index, callsPerHour: 100 + index },
      ]),
    ) as Config['collectors'];
    for (const { name, intervalMs, callsPerHour } of build(BOTH, { collectors: config }).collectors) {
      const index = COLLECTOR_NAMES.indexOf(name);
      expect([name, intervalMs, callsPerHour]).toEqual([name, 10_000 + index, 100 + index]);
    }
  });

  it.each(COLLECTOR_NAMES)(
    'sends from %s the key that it is for, only to fal, and counts the call',
    async (name) => {
      const { collectors, sent, clock } = build(BOTH);
      const collector = collectors.find((one) => one.name === name);
      if (collector === undefined) throw new Error(`no collector ${name}`);
      let calls = NaN;
      const runner = new CollectorRunner({
        ...{ clock, random: () => 0.5 },
        emit: (event) => {
          if (event.kind === 'collector_ran') calls = event.calls;
        },
      });
      const running = runner.run(collector, new AbortController().signal);
      await clock.advance(120_000);
      await running;
      expect(sent.length).toBeGreaterThan(0);
      expect(calls).toBe(sent.length);
      const key = ADMIN_COLLECTORS.has(name) ? FAKE_ADMIN_KEY : FAKE_API_KEY;
      for (const { url, authorization } of sent) {
        expect(authorization).toBe(name === 'status-page' ? null : `Key ${key}`);
        expect(new URL(url).hostname).toMatch(/(^|\.)fal\.ai$/);
      }
    },
  );
});

describe('the collectors that are wanted', () => {
  it('do not depend on keys', () => {
    expect(
      sorted(wantedCollectors(testConfig({ endpoints: [{ id: 'a/b', latencyLimitSeconds: 60 }] }))),
    ).toEqual(sorted(COLLECTOR_NAMES));
    expect(wantedCollectors(testConfig({ collectors: testCollectors({ enabled: false }) }))).toEqual([]);
  });
});

import { VirtualClock, createSimulator } from 'fal-simulator';
import { describe, expect, it } from 'vitest';
import type { Config } from '../config/config.ts';
import { testConfig } from '../config/test-config.ts';
import { statusPageFinding } from './check-status-page.ts';
import type { Finding } from './findings.ts';

async function found(scenario: string, parts: Partial<Config> = {}): Promise<Finding> {
  const clock = new VirtualClock();
  const simulator = createSimulator({ clock, seed: 2, scenario });
  const access = { clock, fetch: simulator.fetch.bind(simulator) };
  const finding = statusPageFinding(testConfig(parts), access, new AbortController().signal);
  await clock.advance(60_000);
  return finding;
}

describe('the check of the status page', () => {
  it('is good on a quiet day', async () => {
    expect(await found('healthy')).toEqual({
      name: 'status.fal.ai',
      state: 'ok',
      text: 'readable: all operational (3 components)',
    });
  });

  it('tells what fal reports, which is no fault of the set-up', async () => {
    const finding = await found('status-page-incident');
    expect(finding).toMatchObject({ state: 'warn', remedy: 'see https://status.fal.ai' });
    expect(finding.text).toMatch(
      /^fal reports: Model API – partial outage; incident: Elevated .* \(major\) since/,
    );
  });

  it.each(['status-page-html', 'host-down-status'])('warns and never fails under %s', async (scenario) => {
    const finding = await found(scenario);
    expect(finding).toMatchObject({
      state: 'warn',
      text: expect.stringContaining('GET status.fal.ai/summary.json') as string,
      remedy: expect.stringContaining('status_page.enabled: false') as string,
    });
  });

  it('says when it is switched off', async () => {
    const statusPage = { enabled: false, url: 'https://status.example.com' };
    expect(await found('healthy', { statusPage })).toMatchObject({
      name: 'status.example.com',
      state: 'off',
    });
  });
});

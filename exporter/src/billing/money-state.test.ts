import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../domain/events.ts';
import { type State, openState } from '../state/state-file.ts';
import { MoneyWatch } from './money-watch.ts';
import { HOUR, MINUTE, MoneyClock } from './test-money-rig.ts';

const ACCOUNT = 'team';

let dirs: string[];
let clock: MoneyClock;
let state: State;
let told: DomainEvent[];
let watch: MoneyWatch;
let process: AbortController;

function freshDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'fal-money-'));
  dirs.push(dir);
  return dir;
}

function start(dir: string): void {
  clock.restart();
  state = openState({ dir, clock, lockWaitMs: 0 });
  process = new AbortController();
  told = [];
  watch = new MoneyWatch({
    ...{ account: ACCOUNT, clock, signal: process.signal },
    emit: (event) => void told.push(event),
    onTrouble: (message, error) => expect.fail(`${message}: ${String(error)}`),
    books: state.billing(ACCOUNT),
    journal: state.balanceHistory(ACCOUNT),
    probeRequests: state.probeRequests,
    failedRequests: { between: () => ['failed'] },
    usage: { monthSpend: () => undefined },
  });
}

/** The files as they are, without a farewell, are what the next process finds. */
function kill(): void {
  process.abort();
  const [from, to] = [dirs.at(-1) ?? '', freshDir()];
  for (const name of readdirSync(from)) {
    if (name.startsWith('state.db')) copyFileSync(join(from, name), join(to, name));
  }
  state.close();
  start(to);
}

function balance(amount: number): void {
  watch.observe({ kind: 'balance_observed', at: clock.now(), account: ACCOUNT, balance: amount });
  ran('balance');
}

function ran(collector: 'balance' | 'billing-events' | 'request-history'): void {
  const at = clock.now();
  const facts = { ok: true, durationSeconds: 0.1, intervalMs: MINUTE, dataUntil: at, calls: 1 };
  watch.observe({ kind: 'collector_ran', at, collector, ...facts });
}

beforeEach(() => {
  dirs = [];
  clock = new MoneyClock();
  start(freshDir());
});

afterEach(() => {
  process.abort();
  state.close();
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

describe('the watch over the real state file', () => {
  it('finds top-ups across kills, tells each of them once, and never a smaller total', () => {
    const totals: number[] = [];
    for (const amount of [100, 250, 250, 240, 300]) {
      balance(amount);
      totals.push(...told.flatMap((event) => (event.kind === 'top_ups_observed' ? [event.total] : [])));
      clock.advance(MINUTE);
      kill();
    }
    expect(totals).toEqual([0, 150, 150, 150, 210]);
  });

  it('knows the burn rate at the first reading after a kill', () => {
    balance(1_000);
    clock.advance(30 * MINUTE);
    balance(970);
    clock.advance(5 * MINUTE);
    kill();
    clock.advance(5 * MINUTE);
    balance(960);
    const money = told.findLast((event) => event.kind === 'money_observed');
    expect(money).toMatchObject({ burnPerHour: { '1h': 60 }, runwaySeconds: 16 * 3600 });
  });

  it('adds up the bill, its drift and its waste', () => {
    const at = clock.now() + 20 * MINUTE;
    const event = { endpointId: 'fal-ai/flux', at, estimate: 100 };
    clock.advance(40 * MINUTE);
    state.probeRequests.add('probe', at);
    state.billing(ACCOUNT).bookEvents([
      { ...event, requestId: 'probe', cost: 50 },
      { ...event, requestId: 'failed', cost: 70 },
      { ...event, requestId: 'good', cost: 90 },
    ]);
    ran('request-history');
    ran('billing-events');
    clock.advance(MINUTE);
    const money = told.findLast((one) => one.kind === 'money_observed');
    expect(money?.costDrift).toBe(0.7);
    expect(money?.burnPerHour['1h']).toBeGreaterThanOrEqual((210 * HOUR) / (45 * MINUTE + HOUR));
    expect(money?.runwaySeconds).toBeUndefined();
    const waste = told.findLast((one) => one.kind === 'waste_observed');
    expect(waste?.perDay).toEqual({ probe: 50, failed: 70 });
  });
});

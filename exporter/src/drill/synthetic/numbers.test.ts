import { describe, expect, it } from 'vitest';
import { HandClock } from '../../metrics/hand-clock.ts';
import { SyntheticNumbers } from './numbers.ts';
import { MODELS, balance, failing, good, inFlight } from './scene.ts';

const [MODEL] = MODELS;

/** Every value of a family by its labels, without those that are always the same. */
function values(numbers: SyntheticNumbers, name: string): Record<string, number> {
  const family = numbers.store.collect().families.find((each) => each.name === name);
  return Object.fromEntries(
    (family?.series ?? []).map(({ labels }, index) => [
      labels.values.error_type ?? labels.values.outcome ?? labels.values.state ?? '',
      family?.values[index] ?? Number.NaN,
    ]),
  );
}

describe('synthetic numbers', () => {
  it('stand at zero at the first look, so that the growth after it is seen', () => {
    const numbers = new SyntheticNumbers(
      { fault: [failing(MODEL, 'runner_server_error')], healed: [good(MODEL)] },
      new HandClock(),
    );
    expect(values(numbers, 'fal_client_requests_total')).toEqual({ error: 0, ok: 0 });
    expect(values(numbers, 'fal_client_errors_total')).toEqual({ runner_server_error: 0 });
  });

  it('grow by whole requests, as many as the time between two looks brings', () => {
    const clock = new HandClock();
    const scene = [failing(MODEL, 'runner_server_error', 0.3)];
    const numbers = new SyntheticNumbers({ fault: scene, healed: [] }, clock);
    const seen = Array.from({ length: 4 }, () => {
      clock.advance(5000);
      return values(numbers, 'fal_client_errors_total').runner_server_error;
    });
    expect(seen).toEqual([1, 3, 4, 6]);
  });

  it('turn good with the healing, and count what failed before it', () => {
    const clock = new HandClock();
    const numbers = new SyntheticNumbers(
      { fault: [failing(MODEL, 'runner_server_error', 1)], healed: [good(MODEL, 1)] },
      clock,
    );
    clock.advance(10_000);
    numbers.heal();
    clock.advance(20_000);
    expect(values(numbers, 'fal_client_requests_total')).toEqual({ error: 10, ok: 20 });
  });

  it('let requests in flight grow older, and be young again after the healing', () => {
    const clock = new HandClock();
    const fault = inFlight(MODEL, { ageingFrom: 1200 }, 4);
    const numbers = new SyntheticNumbers({ fault, healed: inFlight(MODEL, 2, 1) }, clock);
    clock.advance(30_000);
    expect(values(numbers, 'fal_client_oldest_request_age_seconds')).toEqual({ running: 1230 });
    numbers.heal();
    expect(values(numbers, 'fal_client_oldest_request_age_seconds')).toEqual({ running: 2 });
  });

  it('say that a balance was read just now', () => {
    const clock = new HandClock(5_000_000);
    const numbers = new SyntheticNumbers({ fault: balance(3), healed: [] }, clock);
    clock.advance(10_000);
    expect(values(numbers, 'fal_exporter_collector_last_success_timestamp_seconds')).toEqual({ '': 5010 });
  });

  it('do not burst after a machine slept', () => {
    const clock = new HandClock();
    const numbers = new SyntheticNumbers({ fault: [good(MODEL, 1)], healed: [] }, clock);
    clock.advance(3_600_000);
    expect(values(numbers, 'fal_client_requests_total')).toEqual({ ok: 60 });
  });
});

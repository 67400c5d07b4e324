import { describe, expect, it } from 'vitest';
import type { Clock } from '../domain/clock.ts';
import { ScrapeRoute } from './scrape.ts';

/** A clock whose one alarm the test rings by hand. */
function alarmClock(): Clock & { readonly alarms: { ms: number; ring: () => void; cancelled: boolean }[] } {
  const alarms: { ms: number; ring: () => void; cancelled: boolean }[] = [];
  return {
    alarms,
    now: () => 0,
    monotonic: () => 0,
    after(ms, callback) {
      const alarm = { ms, ring: callback, cancelled: false };
      alarms.push(alarm);
      return () => {
        alarm.cancelled = true;
      };
    },
  };
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('the time that a scrape allows', () => {
  it.each([
    ['10', 9500],
    ['1', 800],
    ['0.5', 400],
    ['3600', 25_000],
    [undefined, 25_000],
    ['', 25_000],
    ['-3', 25_000],
    ['NaN', 25_000],
    ['0x10 seconds', 25_000],
  ])('header %s gives the collection %i ms', async (header, expected) => {
    const clock = alarmClock();
    const answer = new ScrapeRoute(never, clock).answer({}, header);
    expect(clock.alarms[0]?.ms).toBe(expected);
    clock.alarms[0]?.ring();
    expect(await answer).toMatchObject({ status: 503 });
  });

  it('leaves no alarm behind after an answer in time', async () => {
    const clock = alarmClock();
    const route = new ScrapeRoute(() => Promise.resolve({ status: 200, body: '' }), clock);
    expect(await route.answer({}, '10')).toMatchObject({ status: 200 });
    expect(clock.alarms[0]?.cancelled).toBe(true);
  });

  it('counts a collection that hangs as in flight, although nobody waits any more', async () => {
    const clock = alarmClock();
    const route = new ScrapeRoute(never, clock);
    const answers = Array.from({ length: 40 }, () => route.answer({}, '1'));
    for (const alarm of clock.alarms) alarm.ring();
    await Promise.all(answers);
    expect(await route.answer({}, '1')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });
});

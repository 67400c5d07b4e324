import { VirtualClock } from 'fal-simulator';
import { expect, it } from 'vitest';
import type { DomainEvent } from '../domain/events.ts';
import { Slots } from './slots.ts';

function slots(limit: number | undefined, runningAtFal?: () => number | undefined) {
  const events: DomainEvent[] = [];
  const emit = (event: DomainEvent): void => void events.push(event);
  const clock = new VirtualClock();
  return { events, slots: new Slots({ clock, emit, account: () => 'a', limit: () => limit, runningAtFal }) };
}

it('leaves the last slot to the user', () => {
  const { slots: two, events } = slots(2);
  expect([two.tryTake(), two.tryTake()]).toEqual([true, false]);
  two.giveBack();
  expect(two.tryTake()).toBe(true);
  expect(events.at(-1)).toMatchObject({ kind: 'slots_observed', inUse: 1, limit: 2 });
});

it('lets one probe run at a time where no limit is known', () => {
  const { slots: unknown } = slots(undefined, () => 50);
  expect([unknown.tryTake(), unknown.tryTake()]).toEqual([true, false]);
});

it('counts what fal lists as running, too, our own only once', () => {
  let running: number | undefined = 8;
  const { slots: ten } = slots(10, () => running);
  expect(ten.tryTake()).toBe(true);
  running = 9;
  expect(ten.tryTake()).toBe(false);
  running = undefined;
  expect(ten.tryTake()).toBe(true);
});

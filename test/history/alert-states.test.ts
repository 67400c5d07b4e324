import { expect, test } from 'vitest';
import { alertStates } from './alert-states.ts';

const range = { start: 0, end: 300, stepSeconds: 30 };

function told(times: readonly number[], forSeconds: number, keepSeconds = 0): string {
  const states = new Map(
    alertStates(times, { forSeconds, keepSeconds, range }).map(({ at, state }) => [at, state]),
  );
  let line = '';
  for (let at = range.start; at <= range.end; at += range.stepSeconds) line += states.get(at)?.[0] ?? '.';
  return line;
}

test('an alert is pending for its time and fires then, until its expression gives nothing', () => {
  expect(told([30, 60, 90, 120, 150], 60)).toBe('.ppfff.....');
});

test('a break begins the waiting anew', () => {
  expect(told([0, 30, 90, 120, 150, 180], 60)).toBe('pp.ppff....');
});

test('an alert that fires goes on for as long as it is to be kept, over a short break too', () => {
  expect(told([30, 60, 90, 180], 60, 60)).toBe('.ppffffff..');
});

test('since when it has been active is told with each state', () => {
  const states = alertStates([60, 90, 120], { forSeconds: 30, keepSeconds: 0, range });
  expect(states.map(({ since }) => since)).toEqual([60, 60, 60]);
});

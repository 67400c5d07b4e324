import { expect, test } from 'vitest';
import type { AcceptedEvent, Severity } from './event.ts';
import { IncidentBook, urgencyOf } from './incidents.ts';

const KEY = 'key-of-the-first-service';

const event = (
  event_action: AcceptedEvent['event_action'],
  severity: Severity = 'critical',
): AcceptedEvent & { dedup_key: string } => ({
  event_action,
  dedup_key: 'one',
  payload: { summary: `it is ${severity}`, source: 'fal', severity },
});

test('critical and error ring the phone, warning and info do not', () => {
  expect((['critical', 'error', 'warning', 'info'] as const).map(urgencyOf)).toEqual([
    'high',
    'high',
    'low',
    'low',
  ]);
});

test('a trigger opens, triggers of the same key are counted, a resolve ends it', () => {
  const book = new IncidentBook();
  const effects = [
    book.take(event('trigger'), KEY, 1_000),
    book.take(event('trigger'), KEY, 2_000),
    book.take(event('acknowledge'), KEY, 3_000),
    book.take(event('resolve'), KEY, 4_000),
  ];
  expect(effects).toEqual(['opened', 'updated', 'acknowledged', 'resolved']);
  expect(book.all()).toMatchObject([
    { number: 1, state: 'resolved', triggers: 2, openedAt: 1_000, lastTriggerAt: 2_000, resolvedAt: 4_000 },
  ]);
});

test('a later trigger changes what is shown, and does not ring a phone that did not ring', () => {
  const book = new IncidentBook();
  book.take(event('trigger', 'warning'), KEY, 1_000);
  book.take(event('trigger', 'critical'), KEY, 2_000);
  expect(book.all()).toMatchObject([
    { severity: 'critical', urgency: 'low', payload: { summary: 'it is critical' } },
  ]);
});

test('after a resolve a trigger of the same key opens a new incident', () => {
  const book = new IncidentBook();
  for (const [index, action] of (['trigger', 'resolve', 'trigger'] as const).entries())
    book.take(event(action), KEY, index);
  expect(book.all().map(({ number, state }) => [number, state])).toEqual([
    [1, 'resolved'],
    [2, 'open'],
  ]);
});

test('acknowledge and resolve are dropped when nothing is open, also when they come by another routing key', () => {
  const book = new IncidentBook();
  expect(book.take(event('resolve'), KEY, 1)).toBe('dropped');
  book.take(event('trigger'), KEY, 2);
  expect(book.take(event('resolve'), 'key-of-another-service', 3)).toBe('dropped');
  expect(book.take(event('acknowledge'), 'key-of-another-service', 3)).toBe('dropped');
  expect(book.all().map(({ state }) => state)).toEqual(['open']);
});

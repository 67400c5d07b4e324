import { describe, expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const KNOWN = ['FalErrorRateHigh', 'FalErrorRateCritical', 'FalTimeouts', 'threshold', 'min_requests'];

describe('the nearest known name', () => {
  test.each([
    ['FalErorRateHigh', 'FalErrorRateHigh'],
    ['falerrorratehigh', 'FalErrorRateHigh'],
    ['ErrorRateHigh', 'FalErrorRateHigh'],
    ['FalTimeout', 'FalTimeouts'],
    ['minRequests', 'min_requests'],
    ['treshold', 'threshold'],
    ['banana', undefined],
    ['', undefined],
    ['???', undefined],
    ['x'.repeat(100_000), undefined],
  ])('for %s is %s', (unknown, known) => {
    expect(nearestName(unknown, KNOWN)).toBe(known);
  });
});

import { describe, expect, it } from 'vitest';
import { ALERTS } from '../../../alert-rules/src/index.ts';
import { model } from './evidence.builder.ts';
import { FAILING_RATIO, failingDegree, isFailingUnseen, SEVERE_RATIO } from './failing.ts';

describe('failingDegree', () => {
  it.each([
    [undefined, undefined],
    [0, undefined],
    [FAILING_RATIO, undefined],
    [0.051, 'failing'],
    [SEVERE_RATIO, 'failing'],
    [0.251, 'severe'],
  ])('calls %s of the requests %s', (ratio, degree) => expect(failingDegree(ratio)).toBe(degree));

  it.each([
    ['FalErrorRateHigh', FAILING_RATIO],
    ['FalErrorRateCritical', SEVERE_RATIO],
  ])('begins where %s begins', (name, ratio) => {
    const [alert] = ALERTS.filter((one) => one.name === name);
    expect(alert?.parameters.threshold?.default).toBe(ratio);
  });
});

describe('isFailingUnseen', () => {
  it.each([
    ['ok', 0.5, true],
    ['ok', 0.01, false],
    [undefined, 0.5, true],
    ['model', 0.5, false],
    ['unknown', 0.5, false],
  ])('verdict %s, %s of the requests failed: %s', (verdict, errorRatio, isUnseen) => {
    expect(isFailingUnseen(model('m', { verdict, errorRatio }))).toBe(isUnseen);
  });
});

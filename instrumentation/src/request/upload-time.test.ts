import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UploadTime } from './upload-time.ts';

function timeOf(...told: readonly (readonly ['start' | 'end', number])[]): UploadTime {
  const time = new UploadTime();
  for (const [kind, at] of told) time.add({ kind: kind === 'start' ? 'upload_started' : 'upload_ended', at });
  return time;
}

describe('the time of uploads', () => {
  it('is unknown when there was none, or one is still on its way', () => {
    expect(timeOf().measured).toBeUndefined();
    expect(timeOf().part).toBeUndefined();
    expect(timeOf(['start', 1]).measured).toBeUndefined();
    expect(timeOf(['start', 1], ['start', 2], ['end', 3]).measured).toBeUndefined();
  });

  it('counts files that go at the same time once, and pauses between them not at all', () => {
    const time = timeOf(['start', 1], ['start', 2], ['end', 4], ['end', 5], ['start', 8], ['end', 10]);
    expect(time.measured).toEqual({ seconds: 6, certainty: 'exact' });
    expect(time.part).toEqual({ name: 'upload', from: 1, to: 10, certainty: 'exact' });
  });

  it('ignores the end of what never began', () => {
    expect(timeOf(['end', 3]).measured).toBeUndefined();
    expect(timeOf(['end', 3], ['start', 4], ['end', 6], ['end', 9]).measured?.seconds).toBe(2);
  });

  it('is the length of the union of all uploads', () => {
    const upload = fc.tuple(fc.nat(100), fc.nat(50)).map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(upload, { minLength: 1, maxLength: 12 }), (uploads) => {
        // At the same moment a beginning is told before an end, so that touching uploads are one.
        const told = uploads
          .flatMap(({ from, to }) => [['start', from] as const, ['end', to] as const])
          .sort((a, b) => a[1] - b[1] || (a[0] === b[0] ? 0 : a[0] === 'start' ? -1 : 1));
        const covered = Array.from({ length: 151 }, (_, second) =>
          uploads.some(({ from, to }) => from <= second && second < to),
        ).filter(Boolean).length;
        expect(timeOf(...told).measured?.seconds).toBe(covered);
      }),
    );
  });
});

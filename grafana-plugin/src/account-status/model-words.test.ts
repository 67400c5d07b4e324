import { describe, expect, it } from 'vitest';
import { model } from './evidence.builder.ts';
import { modelWords } from './model-words.ts';

describe('modelWords', () => {
  it.each([
    ['ok', 0, 'OK', 'ok'],
    ['ok', 0.5, 'OK for probes', 'unknown'],
    ['model', 0.5, 'fal: this model', 'model'],
    ['unknown', undefined, 'Unclear', 'unknown'],
    [undefined, 0.5, 'Not probed', ''],
    ['new-one', 0, 'new-one', 'new-one'],
  ])('calls the verdict %s beside failures of %s: %s, in the colour of %s', (verdict, ratio, words, look) => {
    expect(modelWords(model('m', { verdict, errorRatio: ratio }))).toMatchObject({ verdict: words, look });
  });

  it('tells how much failures matter', () => {
    expect(modelWords(model('m', { errorRatio: 0.3 })).failing).toBe('severe');
    expect(modelWords(model('m', { errorRatio: 0.01 })).failing).toBeUndefined();
  });

  it('shows a dash for what is not known, and says that no request finished', () => {
    const words = modelWords(
      model('m', { errorRatio: undefined, p95: undefined, source: undefined, verdict: undefined }),
    );
    expect(words).toEqual({
      ...{ verdict: 'Not probed', look: '', errorRatio: '–', failing: undefined },
      ...{ p95: '–', isSlow: false, source: 'no completed requests' },
    });
  });

  it.each([
    [0, '0 %'],
    [0.004, '< 1 %'],
    [0.051, '5 %'],
    [0.996, '> 99 %'],
    [1, '100 %'],
  ])('never rounds %d to none or all', (errorRatio, words) => {
    expect(modelWords(model('m', { errorRatio })).errorRatio).toBe(words);
  });

  it('says when the P95 is over the limit of the model', () => {
    expect(modelWords(model('m', { p95: 60 })).isSlow).toBe(false);
    expect(modelWords(model('m', { p95: 61 }))).toMatchObject({ isSlow: true, p95: '1 min 1 s' });
    expect(modelWords(model('m', { p95: 61, limit: undefined })).isSlow).toBe(false);
  });
});

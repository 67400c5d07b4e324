import { t } from '../../language/translate.ts';
import type { Statistic } from '../anatomy/anatomy.ts';
import type { SegmentName } from '../anatomy/part.ts';

/** What a part is called at the head of a column. */
export function partLabel(name: SegmentName): string {
  switch (name) {
    case 'queue':
      return t('anatomy.part.queue', 'Queue');
    case 'inference':
      return t('anatomy.part.inference', 'Inference');
    case 'upload':
      return t('anatomy.part.upload', 'Upload');
    case 'fetch':
      return t('anatomy.part.fetch', 'Result fetch');
    case 'rest':
      return t('anatomy.part.rest', 'Rest');
  }
}

/** The same within a sentence. */
export function partInSentence(name: SegmentName): string {
  switch (name) {
    case 'queue':
      return t('anatomy.in-sentence.queue', 'queue wait');
    case 'inference':
      return t('anatomy.in-sentence.inference', 'inference');
    case 'upload':
      return t('anatomy.in-sentence.upload', 'upload');
    case 'fetch':
      return t('anatomy.in-sentence.fetch', 'result fetch');
    case 'rest':
      return t('anatomy.in-sentence.rest', 'the rest');
  }
}

/** What a part is, for a tip on its column. */
export function partMeaning(name: SegmentName): string {
  switch (name) {
    case 'queue':
      return t(
        'anatomy.meaning.queue',
        'From accepted until first seen running; a runner start is part of it. Inferred by polling, so the truth may be up to one poll interval shorter.',
      );
    case 'inference':
      return t('anatomy.meaning.inference', 'Run time of the model as fal reports it: measured.');
    case 'upload':
      return t(
        'anatomy.meaning.upload',
        'Sending files to fal’s storage: measured. A request without files counts as 0 s.',
      );
    case 'fetch':
      return t('anatomy.meaning.fetch', 'From seen completed until the result was there: measured.');
    case 'rest':
      return t(
        'anatomy.meaning.rest',
        'Inferred: what the total exceeds the parts by. Submitting, network, the wait for the next poll, and parts that nothing is known of.',
      );
  }
}

/** P95 for 0.95, P99.9 for 0.999. */
export function statisticLabel(statistic: Statistic): string {
  if (statistic === 'mean') return t('anatomy.statistic.mean', 'Mean');
  return `P${Number((statistic * 100).toPrecision(6))}`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  if (words.length < 2) return last;
  return t('anatomy.list', '{{first}} and {{last}}', { first: words.slice(0, -1).join(', '), last });
}

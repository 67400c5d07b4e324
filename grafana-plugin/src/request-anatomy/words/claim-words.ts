import { t } from '../../language/translate.ts';
import type { Row } from '../anatomy/anatomy.ts';
import { type Claim, claimOf } from '../anatomy/claim.ts';
import type { SegmentName } from '../anatomy/part.ts';
import { type Estimate, NOTHING } from '../histogram/estimate.ts';
import { headlineOf } from '../anatomy/ranking.ts';
import type { ToldAnatomy } from '../anatomy/model-anatomy.ts';
import { coverageTexts } from './coverage-words.ts';
import { listed, partInSentence, statisticLabel } from './part-words.ts';
import type { Writing } from './seconds-text.ts';

type Clear = Extract<Claim, { kind: 'longest' }>;
type Unclear = Exclude<Claim, Clear>;

/**
 * What a model's numbers say, in plain words: which part takes longest and what that means; or that it cannot be told,
 * and why. Where the quantile leaves it open and the mean does not, both.
 */
export function sentencesOf(model: ToldAnatomy, writing: Writing): readonly string[] {
  const row = headlineOf(model);
  if (row === undefined) return [];
  const claim = claimOf(row, model.coverage);
  if (claim.kind === 'longest') return [clearText(row, claim, writing)];
  const unclear = unclearText(row, claim, writing);
  const mean =
    row.statistic === 'mean' ? undefined : model.rows.find(({ statistic }) => statistic === 'mean');
  const meanClaim = mean === undefined ? undefined : claimOf(mean, model.coverage);
  return mean !== undefined && meanClaim?.kind === 'longest'
    ? [unclear, clearText(mean, meanClaim, writing)]
    : [unclear];
}

function clearText(row: Row, { name, isNearlyAll }: Clear, writing: Writing): string {
  const part = row.segments.find((segment) => segment.name === name)?.estimate ?? NOTHING;
  const values = {
    what: statisticLabel(row.statistic),
    total: numberText(row.total, writing),
    where: whereOf(name),
    why: consequenceOf(name),
  };
  return isNearlyAll
    ? t('anatomy.claim.nearly-all', '{{what}} {{total}}: nearly all of it {{where}}; {{why}}.', values)
    : t('anatomy.claim.share', '{{what}} {{total}}: {{part}} of it {{where}}; {{why}}.', {
        ...values,
        part: numberText(part, writing),
      });
}

function whereOf(name: SegmentName): string {
  switch (name) {
    case 'queue':
      return t('anatomy.where.queue', 'waiting in the queue');
    case 'inference':
      return t('anatomy.where.inference', 'in inference');
    case 'upload':
      return t('anatomy.where.upload', 'uploading files');
    case 'fetch':
      return t('anatomy.where.fetch', 'fetching the result');
    case 'rest':
      return t('anatomy.where.rest', 'in none of the parts');
  }
}

function consequenceOf(name: SegmentName): string {
  switch (name) {
    case 'queue':
      return t(
        'anatomy.consequence.queue',
        'fal lacks capacity for the model, or your concurrency limit holds requests back',
      );
    case 'inference':
      return t('anatomy.consequence.inference', 'the model itself, or what it is asked for');
    case 'upload':
      return t('anatomy.consequence.upload', 'large files, or a slow way to fal’s storage');
    case 'fetch':
      return t('anatomy.consequence.fetch', 'the gateway or the network is slow, the model had finished');
    case 'rest':
      return t(
        'anatomy.consequence.rest',
        'neither queue nor model, but submitting, the network, or long polling intervals',
      );
  }
}

function unclearText(row: Row, claim: Unclear, writing: Writing): string {
  const values = {
    what: statisticLabel(row.statistic),
    total: numberText(row.total, writing),
    why: whyUnclear(claim),
  };
  return t(
    'anatomy.claim.unclear',
    '{{what}} {{total}}: cannot tell which part is to blame; {{why}}.',
    values,
  );
}

function whyUnclear(claim: Unclear): string {
  switch (claim.kind) {
    case 'not_measured':
      return t('anatomy.unclear.not-measured', 'nothing is known of {{parts}}', {
        parts: listed(claim.names.map(partInSentence)),
      });
    case 'partly_known':
      return listed(coverageTexts(claim.coverage));
    case 'unbounded':
      return t('anatomy.unclear.unbounded', 'it is above the highest bucket');
    case 'too_close':
      return t('anatomy.unclear.too-close', '{{parts}} are too close for the buckets', {
        parts: listed(claim.names.map(partInSentence)),
      });
    case 'nothing':
      return t('anatomy.unclear.nothing', 'it took no time');
  }
}

/** A number without an end is said by what it is at least. */
function numberText({ value, low, high }: Estimate, writing: Writing): string {
  return high === Infinity ? writing.range(low, high) : writing.one(value);
}

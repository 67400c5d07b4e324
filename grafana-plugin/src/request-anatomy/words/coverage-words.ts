import { t } from '../../language/translate.ts';
import type { Coverage } from '../anatomy/anatomy.ts';
import { headlineClaimOf } from '../anatomy/ranking.ts';
import type { BrokenHistogram, ToldAnatomy } from '../anatomy/model-anatomy.ts';
import type { PartName } from '../anatomy/part.ts';
import type { HistogramTrouble } from '../histogram/histogram.ts';
import { listed, partInSentence, statisticLabel } from './part-words.ts';

/** What the numbers of a model leave open, one short text each; what its sentence says already is left out. */
export function notesOf(model: ToldAnatomy): readonly string[] {
  const claim = headlineClaimOf(model);
  const isSaid = (names: readonly PartName[], name: PartName): boolean => names.includes(name);
  const said = claim?.kind === 'not_measured' ? claim.names : [];
  const saidCoverage = claim?.kind === 'partly_known' ? claim.coverage.map(({ name }) => name) : [];
  const isBroken = (name: PartName): boolean => model.broken.some(({ refId }) => refId === name);
  const unknown = model.unknown.filter((name) => !isBroken(name) && !isSaid(said, name));
  const coverage = model.coverage.filter((each) => isWorthNoting(each) && !isSaid(saidCoverage, each.name));
  return [
    ...fewRequests(model),
    ...(unknown.length > 0 ? [unknownText(unknown)] : []),
    ...coverageTexts(coverage),
    ...model.broken.map(brokenText),
  ];
}

/** "queue wait and inference known for 80 % of requests": one text for all parts that it is true of. */
export function coverageTexts(coverage: readonly Coverage[]): readonly string[] {
  const alike = new Map<string, Coverage[]>();
  for (const each of coverage) {
    const key = coverageText(each, '');
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  return [...alike.values()].flatMap((group) => {
    const parts = listed(group.map(({ name }) => partInSentence(name)));
    return group.slice(0, 1).map((first) => coverageText(first, parts));
  });
}

function coverageText({ share, isComplete }: Coverage, parts: string): string {
  if (share > 1) {
    const percent = percentOf(share - 1);
    return t('anatomy.coverage.excess', '{{parts}}: {{percent}} % more requests than in the total', {
      parts,
      percent,
    });
  }
  const percent = percentOf(share);
  return isComplete
    ? t('anatomy.coverage.some-have', '{{parts}} in {{percent}} % of requests', { parts, percent })
    : t('anatomy.coverage.known', '{{parts}} known for {{percent}} % of requests', { parts, percent });
}

export function histogramTroubleText(trouble: HistogramTrouble): string {
  switch (trouble.kind) {
    case 'bad_bound':
      return t('anatomy.histogram.bad-bound', 'le="{{le}}" is no bound', { le: trouble.le });
    case 'no_infinity':
      return t(
        'anatomy.histogram.no-infinity',
        'the bucket le="+Inf" is missing, so nobody knows how many requests there were',
      );
    case 'negative':
      return t('anatomy.histogram.negative', 'the bucket le="{{le}}" is below 0', { le: trouble.le });
    case 'decreasing':
      return t(
        'anatomy.histogram.decreasing',
        'the bucket le="{{le}}" counts fewer requests than one below it; the query has to keep the buckets cumulative',
        { le: trouble.le },
      );
  }
}

function brokenText({ refId, trouble }: BrokenHistogram): string {
  return t('anatomy.coverage.broken', '“{{refId}}” is left out: {{why}}', {
    refId,
    why: histogramTroubleText(trouble),
  });
}

function unknownText(names: readonly PartName[]): string {
  const parts = listed(names.map(partInSentence));
  return t('anatomy.coverage.unknown', 'nothing known of {{parts}}: in the rest', { parts });
}

/** That uploads come now and then is news only when there are any. */
function isWorthNoting({ share }: Coverage): boolean {
  return share !== 1 && share > 0;
}

/** With fewer requests than it takes to have one above a quantile, the quantile is the slowest request. */
function fewRequests({ rows, requests }: ToldAnatomy): readonly string[] {
  const count = Math.round(requests);
  const beyond = rows.flatMap(({ statistic }) =>
    statistic !== 'mean' && count * (1 - statistic) < 1 ? [statistic] : [],
  );
  if (beyond.length === 0 || count < 1) return [];
  const quantiles = listed(beyond.map(statisticLabel));
  if (count === 1) return [t('anatomy.few.one', 'a single request: every quantile is the same')];
  return [t('anatomy.few.many', 'few requests: the slowest one is {{quantiles}}', { quantiles })];
}

function percentOf(share: number): string {
  const percent = share * 100;
  if (percent < 1) return '< 1';
  return percent > 99 && percent < 100 ? '> 99' : String(Math.round(percent));
}

import { span } from '../../../exporter/src/domain/words.ts';
import { verdictShort } from '../language/known-words.ts';
import { t } from '../language/translate.ts';
import type { Model } from './account.ts';
import { failingDegree, isFailingUnseen } from './failing.ts';

/** A row of the table of models, in words. Unknown is a dash: never 0. */
export interface ModelWords {
  readonly verdict: string;
  /** The verdict that gives the colour; one that does not exist where there is none. */
  readonly look: string;
  readonly errorRatio: string;
  readonly failing: ReturnType<typeof failingDegree>;
  readonly p95: string;
  /** Whether the P95 is above the limit of the model. */
  readonly isSlow: boolean;
  readonly source: string;
}

const UNKNOWN = '–';

export function modelWords(model: Model): ModelWords {
  const { errorRatio, p95, limit, source } = model;
  return {
    ...verdictWords(model),
    errorRatio: errorRatio === undefined ? UNKNOWN : percent(errorRatio),
    failing: failingDegree(errorRatio),
    p95: p95 === undefined ? UNKNOWN : span(p95),
    isSlow: p95 !== undefined && limit !== undefined && p95 > limit,
    source: sourceWords(source),
  };
}

/** A good verdict of probes is no good news for a model whose requests fail. */
function verdictWords(model: Model): Pick<ModelWords, 'verdict' | 'look'> {
  const { verdict } = model;
  if (verdict === undefined) return { verdict: t('status.model.no-verdict', 'Not probed'), look: '' };
  if (isFailingUnseen(model))
    return { verdict: t('status.model.ok-for-probes', 'OK for probes'), look: 'unknown' };
  return { verdict: verdictShort(verdict), look: verdict };
}

function sourceWords(source: Model['source']): string {
  if (source === undefined) return t('status.model.no-requests', 'no completed requests');
  return source === 'app' ? t('status.model.app', 'your apps') : t('status.model.probes', 'probes');
}

/** `5 %`; never 0 % or 100 % for what is not quite so. */
function percent(ratio: number): string {
  const value = ratio * 100;
  if (value > 0 && value < 1) return '< 1 %';
  if (value < 100 && value > 99) return '> 99 %';
  return `${Math.round(value)} %`;
}

import type { TopUp } from '../account/top-ups.ts';
import type { Stop } from '../chart/stops.ts';
import { t } from '../../language/translate.ts';
import { topUpMark } from './fact-words.ts';
import { fullMoment, type Speech } from './speech.ts';

/** What a reader learns at a stop: when, how much, and what happened. */
export function stopWords(stop: Stop, topUps: readonly TopUp[], speech: Speech): string[] {
  const when = fullMoment(stop.time, speech);
  if (stop.kind === 'forecast') {
    const [low, high] = [speech.money(stop.low), speech.money(stop.high)];
    const text =
      low === high
        ? t('runway.stop.forecast', 'forecast {{high}}', { high })
        : t('runway.stop.forecast-band', 'forecast {{low}} to {{high}}', { low, high });
    return [when, text];
  }
  const topUp = topUps.find(({ time }) => time === stop.time);
  const came =
    topUp === undefined
      ? []
      : [t('runway.stop.top-up', 'top-up {{amount}}', { amount: topUpMark(topUp, speech) })];
  return [when, speech.money(stop.value), ...came];
}

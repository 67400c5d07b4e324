import type { Burn } from '../account/account-reading.ts';
import type { Crossing, Forecast } from '../forecast/forecast.ts';
import type { Outlook } from '../forecast/outlook.ts';
import { t } from '../../language/translate.ts';
import { noForecastWords } from './no-forecast-words.ts';
import type { Saying } from './saying.ts';
import { momentsWords, spanWords, windowWords, type Speech } from './speech.ts';

/** How long the money lasts, or why nobody knows. */
export function outlookWords(outlook: Outlook, burns: readonly Burn[], speech: Speech): Saying {
  const { forecast, empty, why } = outlook;
  if (forecast === undefined) return noForecastWords(why ?? 'no_balance', outlook, { burns, speech });
  if (empty?.earliest === undefined) {
    return {
      headline: t('runway.outlook.over-year', 'Lasts longer than a year,'),
      detail: t('runway.outlook.over-year.detail', 'if no more is spent than now'),
    };
  }
  const { earliest, latest } = empty;
  return latest === undefined
    ? openEndWords(earliest, { forecast, burns, speech })
    : bandWords([earliest, latest], burns, speech);
}

/** When a level is crossed: `between Sat 14:00 and Sun 03:00`. */
export function crossingWords({ earliest, latest }: Crossing, speech: Speech): string {
  if (earliest === undefined) return t('runway.crossing.over-year', 'not within a year');
  if (latest === undefined) {
    return t('runway.crossing.open', '{{from}} at the earliest', {
      from: momentsWords([earliest, earliest], speech)[0],
    });
  }
  const [from, to] = momentsWords([earliest, latest], speech);
  if (from === to) return t('runway.crossing.about', 'around {{from}}', { from });
  return t('runway.crossing.between', 'between {{from}} and {{to}}', { from, to });
}

function bandWords([earliest, latest]: [number, number], burns: readonly Burn[], speech: Speech): Saying {
  if (latest <= speech.end) {
    return {
      headline: t('runway.outlook.empty-now', 'Should be empty by now,'),
      detail: t('runway.outlook.empty-now.detail', 'if the last rates went on; the next reading will tell'),
    };
  }
  const longest = spanWords(latest - speech.end);
  if (earliest <= speech.end) {
    return {
      headline: t('runway.outlook.empty-within', 'Empty within {{longest}},', { longest }),
      detail: t('runway.outlook.empty-by', 'by {{to}}', { to: momentsWords([latest, latest], speech)[1] }),
    };
  }
  const shortest = spanWords(earliest - speech.end);
  const when = crossingWords({ earliest, latest }, speech);
  const [only, second] = burns;
  return {
    headline:
      shortest === longest
        ? t('runway.outlook.empty-about', 'Empty in about {{longest}},', { longest })
        : t('runway.outlook.empty-in', 'Empty in {{shortest}} to {{longest}},', { shortest, longest }),
    detail:
      only !== undefined && second === undefined
        ? t('runway.outlook.one-window', '{{when}}, by the burn of the last {{window}} alone', {
            when,
            window: windowWords(only.window),
          })
        : when,
  };
}

interface OpenEnd {
  readonly forecast: Forecast;
  readonly burns: readonly Burn[];
  readonly speech: Speech;
}

function openEndWords(earliest: number, { forecast, burns, speech }: OpenEnd): Saying {
  const shortest = spanWords(earliest - speech.end);
  const windowOf = (rate: number): string =>
    windowWords(burns.find(({ perHour }) => perHour === rate)?.window ?? '');
  const values = {
    from: momentsWords([earliest, earliest], speech)[0],
    fast: windowOf(forecast.fast),
    slow: windowOf(forecast.slow),
  };
  return {
    headline:
      earliest <= speech.end
        ? t('runway.outlook.maybe-empty', 'May be empty by now,')
        : t('runway.outlook.empty-earliest', 'Empty in {{shortest}} at the earliest,', { shortest }),
    detail:
      forecast.slow === 0
        ? t(
            'runway.outlook.never',
            '{{from}} at the rate of the last {{fast}}; in the last {{slow}} nothing was spent',
            values,
          )
        : t(
            'runway.outlook.later-than-year',
            '{{from}} at the rate of the last {{fast}}, not within a year at that of the last {{slow}}',
            values,
          ),
  };
}

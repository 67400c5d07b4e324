import { span } from '../../../../exporter/src/domain/words.ts';
import { t } from '../../language/translate.ts';
import { valueOf } from '../../prometheus/ask.ts';
import { largest } from '../../prometheus/sample.ts';
import { cannotTell, type Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { timeIntervalSnippet } from '../snippets.ts';

/** What Grafana takes where the data source says nothing. */
const DEFAULT_SECONDS = 15;
/** Scrapes are never exactly on time. */
const TOLERANCE = 1.25;

/** Whether Grafana knows how often Prometheus scrapes: rates over less than that show gaps. */
export function intervalCheck({ answers, dataSource }: Facts): Check {
  const base = { id: 'interval', title: t('set-up.interval.title', 'Scrape interval') };
  const { scrapeInterval } = answers;
  if (scrapeInterval.kind === 'failed') return cannotTell(base.id, base.title, scrapeInterval.failure);
  const scraped = largest(valueOf(scrapeInterval) ?? []);
  if (scraped === undefined) {
    const words = t('set-up.interval.unknown', 'Not known before the exporter has been scraped twice.');
    return { ...base, state: 'unknown', words };
  }
  const told = dataSource.timeInterval === undefined ? DEFAULT_SECONDS : secondsOf(dataSource.timeInterval);
  const isScraped = span(scraped);
  if (told !== undefined && scraped <= told * TOLERANCE) {
    const words = t('set-up.interval.ok', 'Every {{scraped}}; the data source is set to {{told}}.', {
      ...{ scraped: isScraped, told: span(told) },
    });
    return { ...base, state: 'ok', words };
  }
  return {
    ...base,
    state: 'attention',
    words: t(
      'set-up.interval.long',
      'Prometheus scrapes every {{scraped}}, and the data source is set to {{told}}: graphs of rates will have gaps.',
      {
        scraped: isScraped,
        told: dataSource.timeInterval ?? span(DEFAULT_SECONDS),
      },
    ),
    mend: {
      words: t(
        'set-up.interval.mend',
        'Set “Scrape interval” in the settings of the data source, or provision it.',
      ),
      snippets: [timeIntervalSnippet(Math.ceil(scraped))],
    },
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of a duration such as 15s or 1m30s; a bare number counts as seconds. Undefined for anything else. */
function secondsOf(duration: string): number | undefined {
  const text = duration.trim().replace(/^>/, '');
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+(ms|[smhd]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}

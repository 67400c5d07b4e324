import { dateTimeFormat } from '@grafana/data';
import type { Period } from '../timeline/segments.ts';
import type { Clock } from './time-words.ts';

/** Ranges shorter than this have bars of less than a minute. */
const SECONDS_BELOW_MS = 90 * 60_000;

/** A clock for the time zone of the panel: the date is written where it is not that of the end of the period. */
export function clockOf(timeZone: string, period: Period): Clock {
  const time = period.to - period.from < SECONDS_BELOW_MS ? 'HH:mm:ss' : 'HH:mm';
  const today = dateTimeFormat(period.to, { timeZone, format: 'YYYY-MM-DD' });
  const written = new Map<number, string>();
  return (at) => {
    const known = written.get(at);
    if (known !== undefined) return known;
    const isToday = dateTimeFormat(at, { timeZone, format: 'YYYY-MM-DD' }) === today;
    const text = dateTimeFormat(at, { timeZone, format: isToday ? time : `MMM D, ${time}` });
    written.set(at, text);
    return text;
  };
}

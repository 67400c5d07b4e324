import { type Level, levels, ofExporter, timestamp } from '../exporter-series.ts';
import type { InputSeries } from '../rule-case.ts';

export interface Reading {
  readonly account?: string;
  readonly instance?: string;
  /** When the balance was read last, in seconds from the start; without it, at every scrape. */
  readonly readAt?: number;
}

/** The balance of an account as an exporter shows it, and when it read it. */
export function balance(
  those: readonly Level[],
  { account = 'prod', instance = '10.0.0.9:10464', readAt }: Reading = {},
): InputSeries {
  const readBy = (collector: string): string =>
    ofExporter('fal_exporter_collector_last_success_timestamp_seconds', { collector, instance });
  const always = timestamp(
    those.map(([minutes, value]) => [minutes, value === 'gone' ? 'gone' : 'moves'] as const),
  );
  return {
    [ofExporter('fal_account_balance_usd', { account, instance })]: levels(...those),
    [readBy('balance')]: readAt === undefined ? always : levels(...alike(those, readAt)),
    // Another collector of the same exporter must not make the balance fresh.
    [readBy('pricing')]: always,
  };
}

/** The marks below which an account is low, as two exporters have them configured; scraped when the balance is. */
export function marks(warning: number, critical: number, those: readonly Level[]): InputSeries {
  const of = (severity: string, instance: string): string =>
    ofExporter('fal_account_balance_threshold_usd', { account: 'prod', severity, instance });
  return Object.fromEntries(
    ['10.0.0.8:10464', '10.0.0.9:10464'].flatMap((instance) => [
      [of('warning', instance), levels(...alike(those, warning))],
      [of('critical', instance), levels(...alike(those, critical))],
    ]),
  );
}

function alike(those: readonly Level[], value: number): Level[] {
  return those.map(([minutes, was]) => [minutes, was === 'gone' ? was : value]);
}

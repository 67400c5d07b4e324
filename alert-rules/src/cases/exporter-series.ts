import type { InputSeries } from './rule-case.ts';
import { type ValuePhase, gauge } from './series.ts';

/** How long a number stands where; `gone` while nothing is scraped. */
export type Level = readonly [minutes: number, value: number | 'gone'];

/** The name of a series of the exporter that belongs to no probe. */
export function ofExporter(family: string, labels: Readonly<Record<string, string>> = {}): string {
  return named(family, { job: 'fal-exporter', instance: '10.0.0.9:10464', ...labels });
}

/** The name of any series: `up{job="shop"}`. An empty text removes a label. */
export function named(family: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).filter(([, value]) => value !== '');
  return `${family}{${pairs.map(([name, value]) => `${name}="${value}"`).join(', ')}}`;
}

/** A gauge, as pairs. The value of a pair is first seen one step after the pair before it ended. */
export function levels(...those: readonly Level[]): string {
  return gauge(those.map(phase));
}

/** The same with samples `step` seconds apart. */
export function levelsEvery(step: number, ...those: readonly Level[]): string {
  return gauge(those.map(phase), { step });
}

/** A time stamp in seconds: of now while it `moves`, else of when it moved last. With samples `step` seconds apart. */
export function timestamp(
  those: readonly (readonly [minutes: number, what: 'moves' | 'stands' | 'gone'])[],
  step = 15,
): string {
  let now = 0;
  let moved = 0;
  const parts = those.map(([minutes, what]) => {
    const from = now + step;
    const more = (minutes * 60) / step - 1;
    now += minutes * 60;
    if (what === 'gone') return more === 0 ? 'stale' : `stale _x${more}`;
    if (what === 'stands') return `${moved}x${more}`;
    moved = now;
    return `${from}+${step}x${more}`;
  });
  return ['0', ...parts].join(' ');
}

/** Parts of a story as one. */
export function together(...parts: readonly InputSeries[]): InputSeries {
  return Object.assign({}, ...parts) as InputSeries;
}

function phase([minutes, value]: Level): ValuePhase {
  return value === 'gone' ? { minutes, value: 0, missing: true } : { minutes, value };
}

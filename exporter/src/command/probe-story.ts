import type { Measured } from 'opentelemetry-instrumentation-fal/core';
import type { ProbeRunFinished } from '../domain/events.ts';

const BAR_WIDTH = 60;

/** One probe run as a person would tell it: what happened when, and where the seconds went. */
export function tellRun(run: ProbeRunFinished): string {
  const head = `${run.probe}${run.endpointId === undefined ? '' : ` (${run.endpointId})`}: ${ending(run)}`;
  const steps = run.steps.map(({ seconds, text }) => `  ${seconds.toFixed(2).padStart(8)} s  ${text}`);
  return [head, '', ...steps, '', ...anatomy(run), ''].join('\n');
}

function ending(run: ProbeRunFinished): string {
  const took = `${run.durationSeconds.toFixed(2)} s`;
  if (run.outcome === 'ok') return `ok in ${took}`;
  const why = run.error === undefined ? '' : ` (${run.error.type}, fault: ${run.error.fault})`;
  return `${run.outcome} after ${took}${why}`;
}

interface Part {
  readonly name: string;
  readonly mark: string;
  readonly seconds: number;
  readonly note: string;
}

/** The parts of a run as one bar, and their numbers below it; inferred ones carry their bound. */
function anatomy(run: ProbeRunFinished): string[] {
  const known = [
    part('queue wait', '░', run.queueWait),
    part('inference', '█', run.inference),
    part('result fetch', '▒', run.resultFetch),
  ].filter((p) => p !== undefined);
  const rest = run.durationSeconds - known.reduce((sum, p) => sum + p.seconds, 0);
  if (known.length === 0 || run.durationSeconds <= 0) return [];
  const parts = [...known, { name: 'submit and polling', mark: '·', seconds: Math.max(0, rest), note: '' }];
  const bar = parts
    .map((p) => p.mark.repeat(Math.round((p.seconds / run.durationSeconds) * BAR_WIDTH)))
    .join('');
  const lines = parts.map(
    (p) => `  ${p.mark} ${p.name.padEnd(18)} ${p.seconds.toFixed(2).padStart(8)} s${p.note}`,
  );
  return [`  ${bar.slice(0, BAR_WIDTH + 4)}`, ...lines];
}

function part(name: string, mark: string, measured: Measured | undefined): Part | undefined {
  if (measured === undefined) return undefined;
  const bound =
    measured.boundSeconds === undefined ? '' : `, at most ${measured.boundSeconds.toFixed(2)} s less`;
  const note = measured.certainty === 'inferred' ? `  (inferred${bound})` : '';
  return { name, mark, seconds: measured.seconds, note };
}

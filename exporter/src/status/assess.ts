import { judge } from '../verdict/judge.ts';
import { headlineOf } from './headline.ts';
import { healthOfEndpoint, healthOfProbe } from './health.ts';
import type { Assessment } from './judged.ts';
import { notesOf } from './notes.ts';
import type { StatusView } from './view.ts';
import { verdictInputOf } from './verdict-input.ts';

/** Judges everything in a view. Pure. */
export function assess(view: StatusView): Assessment {
  const verdicts = judge(verdictInputOf(view));
  const verdictOn = new Map(verdicts.endpoints.map((verdict) => [verdict.endpointId, verdict]));
  const endpoints = view.endpoints.flatMap((endpoint) => {
    const verdict = verdictOn.get(endpoint.id);
    if (verdict === undefined) return [];
    return { endpoint, verdict, health: healthOfEndpoint(endpoint, view, verdict) };
  });
  const gateways = view.probes
    .filter((probe) => probe.tier === 'free')
    .map((probe) => ({ probe, health: healthOfProbe(probe, view) }));
  const judged = { view, verdict: verdicts.overall, endpoints, gateways };
  return { ...judged, headline: headlineOf(judged), notes: notesOf(view) };
}

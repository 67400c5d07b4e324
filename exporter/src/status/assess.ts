import { judge } from '../verdict/judge.ts';
import { headlineOf } from './headline.ts';
import { healthOfEndpoint, healthOfProbe } from './health.ts';
import type { Assessment } from './judged.ts';
import type { StatusView } from './view.ts';
import { verdictInputOf } from './verdict-input.ts';
import { plural, usd } from './words.ts';

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

function notesOf(view: StatusView): string[] {
  const { account, config } = view;
  const notes: string[] = [];
  if (!config.ok) {
    notes.push(
      `The configuration file is refused (${plural(config.problems.length, 'problem')}); the old one stays in force.`,
    );
  }
  const { balance } = account;
  if (balance !== undefined && balance.amount < account.criticalBalance) {
    notes.push(
      `Balance ${usd(balance.amount)} is below your critical mark of ${usd(account.criticalBalance)}.`,
    );
  } else if (balance !== undefined && balance.amount < account.lowBalance) {
    notes.push(`Balance ${usd(balance.amount)} is below your low mark of ${usd(account.lowBalance)}.`);
  }
  for (const { window, cap, remaining } of account.budget) {
    if (remaining !== undefined && remaining <= 0 && cap > 0) {
      notes.push(`The probe budget per ${window} (${usd(cap)}) is used up: paid probes wait.`);
    }
  }
  const failed = view.collectors.filter((collector) => !collector.ok).map((collector) => collector.name);
  if (failed.length > 0) notes.push(`Collectors failing: ${failed.join(', ')}.`);
  return notes;
}

import { accountHeadline } from './headline-account.ts';
import { falHeadline } from './headline-fal.ts';
import { quietHeadline } from './headline-quiet.ts';
import { healthOfEndpoint, healthOfProbe } from './health.ts';
import type { Assessment } from './judged.ts';
import type { StatusView } from './view.ts';
import { plural, usd } from './words.ts';

/** Judges everything in a view. Pure. */
export function assess(view: StatusView): Assessment {
  const endpoints = view.endpoints.map((endpoint) => ({
    endpoint,
    health: healthOfEndpoint(endpoint, view),
  }));
  const gateways = view.probes
    .filter((probe) => probe.tier === 'free')
    .map((probe) => ({ probe, health: healthOfProbe(probe, view) }));
  const judged = { view, endpoints, gateways };
  const headline = accountHeadline(judged) ?? falHeadline(judged) ?? quietHeadline(judged);
  return { ...judged, headline, notes: notesOf(view) };
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

import type { StatusView } from './view.ts';
import { plural, roughly, span, usd, withoutOwner } from './words.ts';

const SHORT_RUNWAY_SECONDS = 86_400;
const GRANT_NOTE_MS = 7 * 86_400_000;
const MOST_NAMES = 3;

/** What a person should know besides the headline, one sentence each. */
export function notesOf(view: StatusView): string[] {
  return [
    ...configNotes(view),
    ...balanceNotes(view),
    ...spendingNotes(view),
    ...grantNotes(view),
    ...modelNotes(view),
    ...requestNotes(view),
    ...probeBudgetNotes(view),
    ...collectorNotes(view),
  ];
}

function configNotes({ config }: StatusView): string[] {
  if (config.ok) return [];
  const problems = plural(config.problems.length, 'problem');
  return [`The configuration file is refused (${problems}); the old one stays in force.`];
}

function balanceNotes({ account: { balance, lowBalance, criticalBalance } }: StatusView): string[] {
  if (balance === undefined || balance.amount >= Math.max(lowBalance, criticalBalance)) return [];
  const isCritical = balance.amount < criticalBalance;
  const mark = isCritical ? 'critical' : 'low';
  return [
    `Balance ${usd(balance.amount)} is below your ${mark} mark of ${usd(isCritical ? criticalBalance : lowBalance)}.`,
  ];
}

function spendingNotes({ money }: StatusView): string[] {
  const { runwaySeconds, burnPerHour, hourlyBudget, monthSpend, monthlyBudget } = money;
  const rate = burnPerHour['1h'];
  const notes: string[] = [];
  if (runwaySeconds !== undefined && runwaySeconds > 0 && runwaySeconds < SHORT_RUNWAY_SECONDS) {
    notes.push(`At the present rate the balance lasts ${span(runwaySeconds)}.`);
  }
  if (rate !== undefined && hourlyBudget !== undefined && rate > hourlyBudget) {
    notes.push(
      `${usd(rate)} were spent in the last hour, above your budget of ${usd(hourlyBudget)} an hour.`,
    );
  }
  if (monthSpend !== undefined && monthlyBudget !== undefined && monthSpend > monthlyBudget) {
    notes.push(`${usd(monthSpend)} were billed this month, above your budget of ${usd(monthlyBudget)}.`);
  }
  return notes;
}

function grantNotes({ money: { grants }, at }: StatusView): string[] {
  return grants
    .filter(({ expiresAt }) => expiresAt > at && expiresAt - at <= GRANT_NOTE_MS)
    .map(({ name, amount, expiresAt }) => {
      const worth = amount === undefined ? '' : ` of ${usd(amount)}`;
      return `The grant ${name}${worth} expires in ${roughly(expiresAt - at)}.`;
    });
}

function modelNotes({ platform: { ailing } }: StatusView): string[] {
  const named = (status: 'missing' | 'deprecated'): string[] =>
    ailing.filter((model) => model.status === status).map(({ endpointId }) => withoutOwner(endpointId));
  const [missing, deprecated] = [named('missing'), named('deprecated')];
  return [
    ...(missing.length > 0 ? [`fal’s catalogue knows no model of the name ${listed(missing)}.`] : []),
    ...(deprecated.length > 0 ? [`fal has deprecated ${listed(deprecated)}.`] : []),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function requestNotes({ platform: { requests } }: StatusView): string[] {
  if (requests?.isFresh !== true) return [];
  const stuck = requests.endpoints.reduce((sum, endpoint) => sum + endpoint.stuck, 0);
  if (stuck === 0) return [];
  return [
    `${plural(stuck, 'request')} ${stuck === 1 ? 'is' : 'are'} stuck at fal, each holding a slot: see Requests at fal.`,
  ];
}

function probeBudgetNotes({ account: { budget } }: StatusView): string[] {
  return budget
    .filter(({ cap, remaining }) => remaining !== undefined && remaining <= 0 && cap > 0)
    .map(({ window, cap }) => `The probe budget per ${window} (${usd(cap)}) is used up: paid probes wait.`);
}

function collectorNotes({ collectors }: StatusView): string[] {
  const failed = collectors.filter((collector) => !collector.ok).map(({ name }) => name);
  return failed.length === 0 ? [] : [`Collectors failing: ${failed.join(', ')}.`];
}

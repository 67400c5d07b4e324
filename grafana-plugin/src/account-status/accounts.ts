import { lookOf } from '../../../dashboards/src/verdict/verdicts.ts';
import { perQuestion } from '../prometheus/questions.ts';
import type { Sample } from '../prometheus/sample.ts';
import type { Account, Lock, Model, Money } from './account.ts';
import { alertsOf, type FiringAlert, firingAlerts } from './alerts.ts';
import { isFailingUnseen } from './failing.ts';
import type { Evidence } from './gather.ts';

/** The account of metrics that carry none: an app that names no account belongs to it. */
const DEFAULT_ACCOUNT = 'default';
/** A balance is acted on for an hour, or for three intervals of its collector: as the alerts do. */
const FRESH_SECONDS = 3600;
const FRESH_INTERVALS = 3;

/** Between “unclear” and the verdicts that accuse somebody. */
const UNSEEN_RANK = rankOf('unknown') + 0.5;

type Samples = Evidence['samples'];

/** Every account that anything is known of, by name. */
export function accountsOf(evidence: Evidence): Account[] {
  const { samples } = evidence;
  const own = samplesWithAccounts(samples);
  const alerts = firingAlerts(evidence);
  return accountNames(own).map((name) => accountOf(name, own, alerts));
}

/** Alerts that are about no account in particular, such as those on the exporter. */
export function commonAlerts(evidence: Evidence): FiringAlert[] {
  const names = accountNames(samplesWithAccounts(evidence.samples));
  return firingAlerts(evidence).filter(({ account }) => account === undefined || !names.includes(account));
}

/** A single account takes the metrics of apps that name none; among several they belong to the default one. */
function samplesWithAccounts(samples: Samples): Samples {
  const named = accountNames(samples);
  const [first, second] = named;
  const adopter = first !== undefined && second === undefined ? first : DEFAULT_ACCOUNT;
  const adopt = (list: readonly Sample[]): Sample[] =>
    list.map((sample) =>
      sample.labels.account === undefined
        ? { ...sample, labels: { ...sample.labels, account: adopter } }
        : sample,
    );
  return { ...samples, appRatio: adopt(samples.appRatio), appP95: adopt(samples.appP95) };
}

function accountNames(samples: Samples): string[] {
  const { verdicts, balances, locks, appRatio, probeRatio, limits } = samples;
  const all = [verdicts, balances, locks, appRatio, probeRatio, limits].flat();
  return [...new Set(all.flatMap(({ labels }) => labels.account ?? []))].sort();
}

function accountOf(name: string, samples: Samples, alerts: readonly FiringAlert[]): Account {
  const own = perQuestion(samples, (list) => list.filter(({ labels }) => labels.account === name));
  return {
    name,
    lock: lockOf(own),
    money: moneyOf(own),
    models: modelsOf(own),
    alerts: alertsOf(name, alerts),
  };
}

function lockOf({ locks, contradictions }: Samples): Lock | undefined {
  if (locks.length === 0) return undefined;
  const locked = locks.find(({ value }) => value === 1);
  return {
    isLocked: locked !== undefined,
    reason: locked?.labels.reason,
    isContradiction: contradictions.length > 0,
  };
}

function moneyOf(samples: Samples): Money {
  const age = samples.balanceAges[0]?.value;
  const interval = samples.balanceIntervals[0]?.value ?? 0;
  return {
    balance: samples.balances[0]?.value,
    isFresh: age !== undefined && age < Math.max(FRESH_SECONDS, FRESH_INTERVALS * interval),
    age,
    critical: samples.criticalBalances[0]?.value,
    burns: samples.burns
      .flatMap(({ labels, value }) =>
        labels.window === undefined ? [] : [{ window: labels.window, perHour: value }],
      )
      .sort((a, b) => (a.window < b.window ? -1 : 1)),
    runway: samples.runways[0]?.value,
  };
}

function modelsOf(samples: Samples): Model[] {
  const { verdicts, limits, appRatio, probeRatio } = samples;
  const ids = new Set(
    [verdicts, limits, appRatio, probeRatio].flat().flatMap(({ labels }) => labels.endpoint_id ?? []),
  );
  const tables = tablesOf(samples);
  return [...ids].map((id) => modelOf(id, tables)).sort(byUrgency);
}

type Tables = Readonly<Record<keyof Samples, ReadonlyMap<string, Sample>>>;

/** By model: with thousands of models a search for each would take seconds. */
function tablesOf(samples: Samples): Tables {
  return perQuestion(samples, (list) => {
    // Of several verdicts at once (two exporters see different things) the worst stands.
    const ascending = list.toSorted((a, b) => rankOf(a.labels.verdict) - rankOf(b.labels.verdict));
    return new Map(ascending.map((sample) => [sample.labels.endpoint_id ?? '', sample]));
  });
}

function rankOf(verdict: string | undefined): number {
  return lookOf(verdict ?? '')?.rank ?? 0;
}

function modelOf(endpointId: string, tables: Tables): Model {
  const of = (question: keyof Samples): number | undefined => tables[question].get(endpointId)?.value;
  const isApp = of('appRatio') !== undefined || of('appP95') !== undefined;
  const errorRatio = isApp ? of('appRatio') : of('probeRatio');
  const p95 = isApp ? of('appP95') : of('probeP95');
  const hasRequests = errorRatio !== undefined || p95 !== undefined;
  return {
    ...{ endpointId, errorRatio, p95, limit: of('limits'), lastGood: of('lastGood') },
    isBlamed: of('blamed') !== undefined,
    verdict: tables.verdicts.get(endpointId)?.labels.verdict,
    source: hasRequests ? (isApp ? 'app' : 'probe') : undefined,
  };
}

/** The worst verdict first, then the most failures, then by name: what to look at stands on top. */
function byUrgency(a: Model, b: Model): number {
  return (
    urgency(b) - urgency(a) ||
    (b.errorRatio ?? 0) - (a.errorRatio ?? 0) ||
    a.endpointId.localeCompare(b.endpointId)
  );
}

/** The rank of the verdict; requests that fail behind its back are worse than not to know, and better than to know. */
function urgency(model: Model): number {
  return isFailingUnseen(model) ? UNSEEN_RANK : rankOf(model.verdict);
}

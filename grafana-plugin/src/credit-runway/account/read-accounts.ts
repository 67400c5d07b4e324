import type { DataFrame } from '@grafana/data';
import { latestOf, seriesOf, type Series } from '../../reading/series.ts';
import type { Wanted } from '../../reading/wanted.ts';
import type { AccountReading, Burn, Grant, Lock, Severity } from './account-reading.ts';
import { lineOf } from './balance-line.ts';
import { windowLength } from './window-length.ts';

/** The queries of the panel. Without a balance there is no runway; everything else may be missing. */
export const WANTED: readonly Wanted[] = [
  { refId: 'balance', isRequired: true, labels: ['account'] },
  { refId: 'burn', isRequired: false, labels: ['account', 'window'] },
  { refId: 'topups', isRequired: false, labels: ['account'] },
  { refId: 'threshold', isRequired: false, labels: ['account', 'severity'] },
  { refId: 'locked', isRequired: false, labels: ['account', 'reason'] },
  { refId: 'grants', isRequired: false, labels: ['account', 'grant'] },
  { refId: 'contradiction', isRequired: false, labels: ['account'] },
  { refId: 'spend', isRequired: false, labels: ['account'] },
];

/** A calendar ends here; what lies beyond is no date. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_DATE_MS = 8.64e15;

type ByQuery = ReadonlyMap<string, ReadonlyMap<string, readonly Series[]>>;

/** What the frames tell of each account, in no particular order. Series without a label that they need are left out. */
export function readAccounts(frames: readonly DataFrame[]): AccountReading[] {
  const byQuery: ByQuery = new Map(
    WANTED.map(({ refId, labels }) => [refId, byAccount(frames, refId, labels)]),
  );
  const names = new Set([...byQuery.values()].flatMap((accounts) => [...accounts.keys()]));
  const stepMs = { balance: stepOf(frames, 'balance'), topups: stepOf(frames, 'topups') };
  return [...names].map((name) => {
    const told = (refId: string): readonly Series[] => byQuery.get(refId)?.get(name) ?? [];
    const topUps = told('topups');
    return {
      name,
      balance: lineOf(told('balance'), stepMs.balance),
      burns: burnsOf(told('burn')),
      topUps: topUps.length === 0 ? undefined : lineOf(topUps, stepMs.topups),
      thresholds: thresholdsOf(told('threshold')),
      lock: lockOf(told('locked'), told('contradiction')),
      grants: grantsOf(told('grants')),
      spend: highest(told('spend')),
    };
  });
}

function byAccount(
  frames: readonly DataFrame[],
  refId: string,
  labels: readonly string[],
): Map<string, Series[]> {
  const accounts = new Map<string, Series[]>();
  for (const series of seriesOf(frames, refId)) {
    const account = series.labels.account;
    if (account === undefined || labels.some((label) => series.labels[label] === undefined)) continue;
    const own = accounts.get(account);
    if (own === undefined) accounts.set(account, [series]);
    else own.push(series);
  }
  return accounts;
}

/** The step that the data source used, which is that of the query rounded up; undefined when it does not say. */
function stepOf(frames: readonly DataFrame[], refId: string): number | undefined {
  const steps = frames
    .filter((frame) => frame.refId === refId)
    .map(({ fields }) => fields.find(({ type }) => String(type) === 'time')?.config.interval);
  return steps.find((step) => typeof step === 'number' && step > 0) ?? undefined;
}

function burnsOf(series: readonly Series[]): Burn[] {
  const perHour = new Map<string, number>();
  for (const one of series) {
    const value = latestOf(one)?.value;
    const window = one.labels.window;
    if (value === undefined || window === undefined) continue;
    perHour.set(window, Math.max(value, perHour.get(window) ?? -Infinity));
  }
  return [...perHour]
    .map(([window, value]) => ({ window, perHour: value }))
    .sort((a, b) => windowLength(a.window) - windowLength(b.window) || compare(a.window, b.window));
}

function thresholdsOf(series: readonly Series[]): Partial<Record<Severity, number>> {
  const of = (severity: Severity): number | undefined =>
    highest(series.filter(({ labels }) => labels.severity === severity));
  const [warning, critical] = [of('warning'), of('critical')];
  return { ...(warning !== undefined && { warning }), ...(critical !== undefined && { critical }) };
}

function lockOf(locked: readonly Series[], contradiction: readonly Series[]): Lock {
  const seen = locked.flatMap((series) => {
    const value = latestOf(series)?.value;
    return value === undefined ? [] : [{ isLocked: value > 0, reason: series.labels.reason ?? '' }];
  });
  const reasons = new Set(seen.filter(({ isLocked }) => isLocked).map(({ reason }) => reason));
  const contradicts = highest(contradiction);
  const isContradiction = contradicts === undefined ? undefined : contradicts > 0;
  const isLocked = reasons.size > 0 || isContradiction === true;
  const state = isLocked ? 'locked' : seen.length > 0 ? 'open' : 'unknown';
  return { state, reasons: [...reasons].filter((reason) => reason !== '').sort(compare), isContradiction };
}

function grantsOf(series: readonly Series[]): Grant[] {
  const grants = new Map<string, Grant>();
  for (const one of series) {
    const name = one.labels.grant;
    const seconds = latestOf(one)?.value;
    if (name === undefined || seconds === undefined || Math.abs(seconds * 1000) > LAST_DATE_MS) continue;
    grants.set(name, { name, expiresAt: seconds * 1000 });
  }
  return [...grants.values()].sort((a, b) => a.expiresAt - b.expiresAt || compare(a.name, b.name));
}

function highest(series: readonly Series[]): number | undefined {
  const values = series.flatMap((one) => latestOf(one)?.value ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

import type { Engine } from '../engine.ts';
import { uniformOf } from '../random.ts';
import type { Account } from '../world.ts';
import {
  type BillingEventFaults,
  DEFAULT_CORRECTION_DELAY_MS,
  DEFAULT_LATE_BY_MS,
} from './billing-faults.ts';
import { type Charge, chargeOf } from './charges.ts';
import type { PageWindow, Place } from './paging.ts';
import { type BilledJob, billedJobs } from './records.ts';
import { type TimeRange, contains } from './time-range.ts';

/** One row of billing events. */
export interface BillingRow {
  readonly job: BilledJob;
  /** What the row gives as its timestamp. */
  readonly at: number;
  readonly units: number;
  readonly charge: Charge;
  readonly place: Place;
  /** The page after begins with this row again. */
  readonly isRepeated: boolean;
}

/** Copies with a newer timestamp are newer by up to this. */
const LONGEST_SHIFT_MS = 2 * 3_600_000;

/** What a wrong cost is, in parts of the true one; no product rounds to the true one, were it a single nano-dollar. */
const TOO_LOW = [0, 0.25] as const;
const TOO_HIGH = [1.5, 3] as const;

/** Which rows somebody wants to see. */
export interface RowsWanted {
  /** Of the timestamps that are shown. */
  readonly range: TimeRange;
  readonly isWanted: (job: BilledJob) => boolean;
  readonly window: PageWindow;
  /** How many rows of the window, newest first, are enough; there may be more. */
  readonly enough: number;
}

/** What decides over the rows of a job. */
interface View {
  readonly now: number;
  readonly seed: number;
  readonly lagMs: number;
  readonly faults: BillingEventFaults;
}

/**
 * The rows of an account, in no order: the truth, and what the faults make of it. Jobs are looked at from the newest
 * end backwards, until enough rows are known that no older job can push aside; a walk through thousands of rows then
 * costs what it shows, and not the whole list for each page.
 */
export function billingRows(engine: Engine, account: Account, wanted: RowsWanted): BillingRow[] {
  const { range, window, isWanted, enough } = wanted;
  const { seed, indexingLagMs: lagMs } = engine;
  const faults = engine.switches.billingEvents;
  const view: View = { now: engine.clock.now(), seed, lagMs, faults };
  // A timestamp may be newer than the end of its job, never older.
  const shiftMs = longestShiftMs(faults);
  const reach = { start: range.start - shiftMs, end: Math.min(range.end, window.newest + 1) };
  const jobs = billedJobs(engine, account, reach);
  const rows: BillingRow[] = [];
  let [left, chunk] = [jobs.length, enough];
  while (left > 0) {
    const some = jobs.slice(Math.max(0, left - chunk), left);
    for (const row of some.filter(isWanted).flatMap((job) => rowsOf(job, view))) {
      if (contains(range, row.at)) rows.push(row);
    }
    left -= some.length;
    const settled = (jobs[left - 1]?.completedAt ?? -Infinity) + shiftMs;
    if (rows.filter(({ at }) => at > settled && at < window.freshBelow).length >= enough) break;
    chunk *= 2;
  }
  return rows;
}

function longestShiftMs({ duplicated = 0, corrected = 0, late = 0, ...delays }: BillingEventFaults): number {
  const { correctionDelayMs = DEFAULT_CORRECTION_DELAY_MS, lateByMs = DEFAULT_LATE_BY_MS } = delays;
  const ofCorrection = corrected > 0 ? correctionDelayMs + (late > 0 ? lateByMs : 0) : 0;
  return ofCorrection + (duplicated > 0 ? LONGEST_SHIFT_MS : 0);
}

function rowsOf(job: BilledJob, view: View): BillingRow[] {
  const { faults, now } = view;
  const fate = fateOf(job, view.seed);
  if (strikes(faults.missing, fate.missing)) return [];
  const lateMs = strikes(faults.late, fate.late) ? (faults.lateByMs ?? DEFAULT_LATE_BY_MS) : 0;
  if (job.completedAt + view.lagMs + lateMs > now) return [];
  const row = currentRow(job, view, { fate, lateMs });
  return strikes(faults.duplicated, fate.duplicated) ? withCopies(row, fate, now) : [row];
}

/** The wrong row until the correction, the true one after it. */
function currentRow(
  job: BilledJob,
  { faults, now }: View,
  { fate, lateMs }: { readonly fate: Fate; readonly lateMs: number },
): BillingRow {
  const row = rowAt(job, job.completedAt);
  if (row.charge.totalNano === 0 || !strikes(faults.corrected, fate.corrected)) return row;
  const correctedAt = job.completedAt + lateMs + (faults.correctionDelayMs ?? DEFAULT_CORRECTION_DELAY_MS);
  if (now >= correctedAt) return fate.restamped < 0.5 ? rowAt(job, correctedAt) : row;
  const factor = oneOf([...TOO_LOW, ...TOO_HIGH], fate.wrongCost);
  const scaled = (nano: number): number => Math.round(nano * factor);
  return {
    ...row,
    units: Math.round(job.billableUnits * factor * 1e9) / 1e9,
    charge: { subtotalNano: scaled(row.charge.subtotalNano), totalNano: scaled(row.charge.totalNano) },
  };
}

function withCopies(row: BillingRow, fate: Fate, now: number): BillingRow[] {
  const twin = placed(row, row.at, 'twin');
  switch (oneOf(['twin', 'twin and next page', 'twin and newer'], fate.copy)) {
    case 'twin':
      return [row, twin];
    case 'twin and next page':
      return [{ ...row, isRepeated: true }, twin];
    case 'twin and newer': {
      const newerAt = row.at + 1 + Math.floor(fate.shift * LONGEST_SHIFT_MS);
      return newerAt > now ? [row, twin] : [row, twin, placed(row, newerAt, 'newer')];
    }
  }
}

function rowAt(job: BilledJob, at: number): BillingRow {
  const place = { at, id: job.requestId };
  return { job, at, units: job.billableUnits, charge: chargeOf(job), place, isRepeated: false };
}

/** The same row at another place of the list. */
function placed(row: BillingRow, at: number, copy: string): BillingRow {
  return { ...row, at, place: { at, id: `${row.job.requestId}/${copy}` } };
}

function strikes(share = 0, drawn: number): boolean {
  return drawn < share;
}

function oneOf<const T>(values: readonly [T, ...T[]], drawn: number): T {
  return values[Math.floor(drawn * values.length)] ?? values[0];
}

const QUESTIONS = [
  'missing',
  'late',
  'duplicated',
  'copy',
  'shift',
  'corrected',
  'restamped',
  'wrongCost',
] as const;

/** One throw of the dice, in [0, 1), for each question about a request. */
type Fate = Readonly<Record<(typeof QUESTIONS)[number], number>>;

/** A fate never changes; it is kept because each page of each walk asks for it. */
const fates = new WeakMap<BilledJob, Fate>();

function fateOf(job: BilledJob, seed: number): Fate {
  const known = fates.get(job);
  if (known !== undefined) return known;
  const drawn = QUESTIONS.map((question) => [question, uniformOf(seed, `${question} ${job.requestId}`)]);
  const fate = Object.fromEntries(drawn) as Fate;
  fates.set(job, fate);
  return fate;
}

import { splitBy, sumOf } from '../cost/cost-line.ts';
import { type CostQuestion, DAY_MS } from '../cost/cost-question.ts';
import { billAsTable } from '../cost/cost-table.ts';
import { type Bill, billAsCsv, billAsJson } from '../cost/cost-text.ts';
import { NoBillError, readBill } from '../cost/read-bill.ts';
import { type Clock, systemClock } from '../domain/clock.ts';
import { span } from '../domain/words.ts';
import { falAccess } from '../exporter.ts';
import { PlatformError } from '../fal/platform.ts';
import { isRefused } from '../fal/refused.ts';
import { PROBE_REQUESTS_KEPT_MS } from '../state/probe-requests.ts';
import { StateError } from '../state/state-error.ts';
import { openState } from '../state/state-file.ts';
import { type CostOptions, type CostWish, wishOf } from './cost-wish.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { type Road, onRoad } from './road.ts';

const HOW_TO_GET_A_KEY =
  'make one with ADMIN scope at fal.ai/dashboard/keys and set FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE';

/** Reads the bill from fal with the ADMIN key and tells it as a table, as JSON or as CSV. Costs nothing. */
export async function cost(
  options: CostOptions,
  io: CommandIo,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const wish = wishOf(options, clock.now());
  if (typeof wish === 'string') {
    io.stderr(`fal-exporter cost: ${wish}\n(fal-exporter cost --help tells more)\n`);
    return EXIT.usage;
  }
  return onRoad(options, io, async ({ holder }, road) => {
    const stderr = (text: string): void => io.stderr(holder.redact(text));
    const adminKey = road.falAdminKey();
    if (adminKey === undefined) {
      stderr(`fal-exporter cost: reading the bill needs a key with ADMIN scope: ${HOW_TO_GET_A_KEY}\n`);
      return EXIT.unusable;
    }
    try {
      const bill = await billFor(wish, { road, adminKey, io, clock });
      io.stdout(holder.redact(told(bill, options)));
      // CSV has no place for them.
      if (options.csv === true) for (const note of bill.notes) stderr(`${note}\n`);
      return EXIT.ok;
    } catch (error) {
      const failure = failureOf(error, io.signal);
      stderr(`fal-exporter cost: ${failure.text}\n`);
      return failure.code;
    }
  });
}

function told(bill: Bill, { json, csv }: CostOptions): string {
  if (json === true) return billAsJson(bill);
  return csv === true ? billAsCsv(bill) : billAsTable(bill);
}

interface Failure {
  readonly text: string;
  readonly code: ExitCode;
}

/** What went wrong, in words. Throws whatever is a defect of ours. */
function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted) return { text: 'interrupted before the bill was whole', code: EXIT.failed };
  if (isRefused(error))
    return { text: `fal refuses the ADMIN key: ${HOW_TO_GET_A_KEY}`, code: EXIT.unusable };
  if (error instanceof StateError) return { text: error.message, code: EXIT.unusable };
  if (error instanceof PlatformError)
    return { text: `${error.message}${adviceFor(error)}`, code: EXIT.failed };
  if (error instanceof NoBillError || error instanceof RangeError) {
    return { text: error.message, code: EXIT.failed };
  }
  throw error;
}

function adviceFor({ classification, retryAfterSeconds }: PlatformError): string {
  if (classification.errorType === 'platform.rate_limited') {
    return retryAfterSeconds === undefined
      ? '; try again later'
      : `; try again in ${span(retryAfterSeconds)}`;
  }
  return classification.fault === 'network' ? '; fal-exporter check looks at the way to fal' : '';
}

interface Surroundings {
  readonly road: Road;
  readonly adminKey: string;
  readonly io: CommandIo;
  readonly clock: Clock;
}

async function billFor(wish: CostWish, around: Surroundings): Promise<Bill> {
  const { since, until, dimensions } = wish;
  const { config, isDemo } = around.road;
  const probes = dimensions.includes('source') ? knownProbes(wish, around) : undefined;
  const isProbe = probes && ((requestId: string) => probes.ids.has(requestId));
  const { lines, readFrom, notes } = await readBill(questionOf(wish, around), isProbe);
  return {
    ...{ account: config.account.name, since, until, dimensions, readFrom },
    ...{ rows: splitBy(lines, dimensions), total: sumOf(lines) },
    notes: [
      ...(isDemo ? ['DEMO: this is the bill of a simulated fal.'] : []),
      ...(probes?.notes ?? []),
      ...notes,
      ...(until > around.clock.now() - DAY_MS
        ? ['The newest requests may be missing: fal adds them minutes to hours after they ended.']
        : []),
    ],
  };
}

interface KnownProbes {
  readonly ids: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** The requests of our probes as the exporter noted them. A request is billed when it ends: look a day further back. */
function knownProbes({ since, until }: CostWish, { road, clock }: Surroundings): KnownProbes {
  const state = openState({ dir: road.config.stateDir, clock, beside: true });
  try {
    const ids = new Set(state.probeRequests.between(since - DAY_MS, until));
    if (ids.size === 0) {
      return { ids, notes: [`${road.config.stateDir} knows no probe of this time: all counts as other.`] };
    }
    const isForgotten = since < clock.now() - PROBE_REQUESTS_KEPT_MS;
    const kept = span(PROBE_REQUESTS_KEPT_MS / 1000);
    return { ids, notes: isForgotten ? [`Probes that are older than ${kept} count as other.`] : [] };
  } finally {
    state.close();
  }
}

function questionOf(wish: CostWish, { road, adminKey, io, clock }: Surroundings): CostQuestion {
  const access = falAccess({ ...road, fetch: (input, init) => globalThis.fetch(input, init), clock });
  let toldAt = clock.monotonic();
  const onProgress = (lines: number): void => {
    if (clock.monotonic() - toldAt < 1000) return;
    toldAt = clock.monotonic();
    io.stderr(`${lines} lines of the bill read …\n`);
  };
  return { ...wish, access, adminKey, signal: io.signal, onProgress };
}

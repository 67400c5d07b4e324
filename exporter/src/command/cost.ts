import { parseDuration } from '../config/duration.ts';
import { type CostLine, DIMENSIONS, type Dimension, splitBy, sumOf } from '../cost/cost-line.ts';
import { type Bill, billAsCsv, billAsJson, billAsTable } from '../cost/cost-text.ts';
import { costFromEvents } from '../cost/read-events.ts';
import { type CostQuestion, costFromUsage } from '../cost/read-usage.ts';
import { type Clock, systemClock } from '../domain/clock.ts';
import { falAccess } from '../exporter.ts';
import { PlatformError } from '../fal/platform.ts';
import { openState } from '../state/state-file.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { type Road, onRoad } from './road.ts';
import type { SettingsOptions } from './settings.ts';

/** The command line as commander gives it. */
export interface CostOptions extends SettingsOptions {
  readonly since: string;
  readonly until?: string;
  readonly by: string;
  readonly endpoint?: readonly string[];
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface Wish {
  readonly since: number;
  readonly until: number;
  readonly dimensions: readonly Dimension[];
  readonly endpointIds: readonly string[];
}

const DAY_MS = 86_400_000;
/** fal tells no more at once. Source: https://api.fal.ai/v1/openapi.json */
const MOST_DAYS = 90;

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
    const adminKey = road.falAdminKey();
    if (adminKey === undefined) {
      io.stderr(
        'fal-exporter cost: reading the bill needs a key with ADMIN scope; set FAL_ADMIN_KEY or FAL_ADMIN_KEY_FILE (make one at fal.ai/dashboard/keys)\n',
      );
      return EXIT.unusable;
    }
    try {
      const bill = await readBill(wish, { road, adminKey, io, clock });
      io.stdout(holder.redact(told(bill, options)));
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof PlatformError) && !(error instanceof RangeError)) throw error;
      io.stderr(holder.redact(`fal-exporter cost: ${error.message}${adviceFor(error)}\n`));
      return EXIT.failed;
    }
  });
}

function told(bill: Bill, { json, csv }: CostOptions): string {
  if (json === true) return billAsJson(bill);
  return csv === true ? billAsCsv(bill) : billAsTable(bill);
}

function adviceFor(error: Error): string {
  const type = error instanceof PlatformError ? error.classification.errorType : undefined;
  return type === 'platform.authorization_error' ? ': the ADMIN key is rejected or lacks the scope' : '';
}

interface Surroundings {
  readonly road: Road;
  readonly adminKey: string;
  readonly io: CommandIo;
  readonly clock: Clock;
}

async function readBill(wish: Wish, around: Surroundings): Promise<Bill> {
  const { road, io, clock } = around;
  const { lines, readFrom, notes } = await readLines(wish, around);
  return {
    ...{ account: road.config.account.name, since: wish.since, until: wish.until },
    ...{ dimensions: wish.dimensions, rows: splitBy(lines, wish.dimensions), total: sumOf(lines), readFrom },
    notes: [
      ...(road.isDemo ? ['DEMO: this is the bill of a simulated fal.'] : []),
      ...notes,
      ...(io.signal.aborted ? ['Interrupted: the bill is not whole.'] : []),
      ...(wish.until >= clock.now() - DAY_MS
        ? ['The newest requests may be missing: fal adds them minutes to hours after they ended.']
        : []),
    ],
  };
}

interface Read {
  readonly lines: readonly CostLine[];
  readonly readFrom: Bill['readFrom'];
  readonly notes: readonly string[];
}

/** Usage is one short answer; only the events tell requests one by one, and so which were our own probes. */
async function readLines(wish: Wish, around: Surroundings): Promise<Read> {
  const question = questionOf(wish, around);
  if (wish.dimensions.includes('source')) {
    return { ...(await fromEvents(question, around)), readFrom: 'billing-events' };
  }
  try {
    return { lines: await costFromUsage(question), readFrom: 'usage', notes: [] };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.classification.errorType !== 'platform.server_error') {
      throw error;
    }
    const note = 'fal’s usage cannot be read at the moment; this was added up from single billing events.';
    const { lines, notes } = await fromEvents(question, around);
    return { lines, readFrom: 'billing-events', notes: [note, ...notes] };
  }
}

async function fromEvents(
  question: CostQuestion,
  { road, clock }: Surroundings,
): Promise<Pick<Read, 'lines' | 'notes'>> {
  const state = openState({ dir: road.config.stateDir, clock, beside: true });
  try {
    const probes = new Set(state.probeRequests.between(question.since - DAY_MS, question.until));
    const { lines, unreadable } = await costFromEvents(question, (requestId) => probes.has(requestId));
    const notes = unreadable === 0 ? [] : [`${unreadable} billing events could not be read and are missing.`];
    return { lines, notes };
  } finally {
    state.close();
  }
}

function questionOf(wish: Wish, { road, adminKey, io, clock }: Surroundings): CostQuestion {
  const access = falAccess({ ...road, fetch: (input, init) => globalThis.fetch(input, init), clock });
  let toldAt = clock.monotonic();
  const onProgress = (lines: number): void => {
    if (clock.monotonic() - toldAt < 1000) return;
    toldAt = clock.monotonic();
    io.stderr(`${lines} lines of the bill read …\n`);
  };
  return { ...wish, access, adminKey, signal: io.signal, onProgress };
}

/** What the command line asks for, or what is wrong with it. */
function wishOf(options: CostOptions, now: number): Wish | string {
  if (options.json === true && options.csv === true) return '--json and --csv exclude each other';
  const since = momentOf(options.since, now);
  if (since === undefined) return '--since: expected a duration such as 7d, or a day such as 2026-11-01';
  const until = options.until === undefined ? now : momentOf(options.until, now);
  if (until === undefined) return '--until: expected a duration such as 1d, or a day such as 2026-11-15';
  if (until <= since) return '--since must lie before --until';
  if (until - since > MOST_DAYS * DAY_MS) return `fal tells at most ${MOST_DAYS} days at once; ask for less`;
  const words = options.by.split(',').map((word) => word.trim());
  const dimensions = DIMENSIONS.filter((dimension) => words.includes(dimension));
  if (dimensions.length !== words.length) return `--by: expected some of ${DIMENSIONS.join(', ')}, each once`;
  const inOrder = words.flatMap((word) => dimensions.filter((dimension) => dimension === word));
  return { since, until, dimensions: inOrder, endpointIds: options.endpoint ?? [] };
}

/** A day begins at midnight UTC; a duration goes back from now to the beginning of a day, as whole days are billed. */
function momentOf(text: string, now: number): number | undefined {
  const ms = parseDuration(text);
  if (ms !== undefined) return Math.floor((now - ms) / DAY_MS) * DAY_MS;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at : undefined;
}

import { plural } from '../domain/words.ts';
import { PlatformError } from '../fal/platform.ts';
import { isRefused } from '../fal/refused.ts';
import { usdText } from './amount.ts';
import { type CostLine, sumOf } from './cost-line.ts';
import type { CostQuestion } from './cost-question.ts';
import type { Bill } from './cost-text.ts';
import { type IsProbe, costFromEvents } from './read-events.ts';
import { costFromUsage } from './read-usage.ts';

export interface BillRead {
  readonly lines: readonly CostLine[];
  readonly readFrom: Bill['readFrom'];
  readonly notes: readonly string[];
}

/** Both of fal's sources failed; the reason of each is in the message. */
export class NoBillError extends Error {
  override readonly name = 'NoBillError';

  constructor(usage: PlatformError, events: PlatformError) {
    super(`fal has two sources of the bill, and neither can be read: ${usage.message}; ${events.message}`, {
      cause: events,
    });
  }
}

/**
 * Reads the bill where it is told best: usage is one short answer; only the events tell requests one by one, and so
 * which were our own probes. The events stand in for a usage that fails.
 *
 * @param isProbe only when the bill is to be split by source.
 * @throws PlatformError, NoBillError, and RangeError for money that is not in USD or a time that is too long.
 */
export async function readBill(question: CostQuestion, isProbe?: IsProbe): Promise<BillRead> {
  if (isProbe !== undefined) return readRequests(question, isProbe);
  let usageError: PlatformError;
  try {
    return { lines: await costFromUsage(question), readFrom: 'usage', notes: [] };
  } catch (error) {
    if (!isWorthAnotherSource(error)) throw error;
    usageError = error;
  }
  const note = `fal’s usage cannot be read (${usageError.message}); this was added up from single billing events.`;
  try {
    const { lines, notes, readFrom } = await readEvents(question);
    return { lines, readFrom, notes: [note, ...notes] };
  } catch (error) {
    if (!(error instanceof PlatformError) || isRefused(error) || question.signal.aborted) throw error;
    throw new NoBillError(usageError, error);
  }
}

/** The other source has the same host, key and limits: only what fal did wrong can go better there. */
function isWorthAnotherSource(error: unknown): error is PlatformError {
  return error instanceof PlatformError && ['platform', 'unknown'].includes(error.classification.fault);
}

/** Events may be missing or late, which nothing in them shows; usage does. */
async function readRequests(question: CostQuestion, isProbe: IsProbe): Promise<BillRead> {
  const read = await readEvents(question, isProbe);
  const usage = await costFromUsage(question).catch((error: unknown) => {
    if (error instanceof PlatformError) return undefined;
    throw error;
  });
  if (usage === undefined) return read;
  const [told, whole] = [sumOf(read.lines).billed, sumOf(usage).billed];
  const [toldText, wholeText] = [usdText(told), usdText(whole)];
  if (toldText === wholeText) return read;
  const note =
    `fal’s usage of the same time comes to ${wholeText} USD and its single requests to ${toldText}: ` +
    (told < whole ? 'some requests are missing here.' : 'it may not have caught up yet.');
  return { ...read, notes: [...read.notes, note] };
}

async function readEvents(question: CostQuestion, isProbe?: IsProbe): Promise<BillRead> {
  const { lines, unreadable } = await costFromEvents(question, isProbe);
  const verb = unreadable === 1 ? 'is' : 'are';
  const notes =
    unreadable === 0
      ? []
      : [`${plural(unreadable, 'billing event')} could not be read and ${verb} missing here.`];
  return { lines, readFrom: 'billing-events', notes };
}

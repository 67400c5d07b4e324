import type { DiagLogger } from '@opentelemetry/api';
import type { FalTelemetryConfig, UnitPrice } from '../types.ts';
import { PACKAGE_NAME } from '../version.ts';
import { type NanoUsd, PRICE_EXPECTED, nanoPriceOf } from './nano-usd.ts';

/** What a unit of an endpoint costs, in nano-dollars, and what fal calls the unit, where that is known. */
export interface EndpointPrice {
  readonly unitPriceNano: NanoUsd;
  readonly unit?: string | undefined;
}

/** Answers what an endpoint costs now. Undefined is unknown, never free. */
export interface PriceList {
  priceOf(endpointId: string): EndpointPrice | undefined;
}

export interface PriceListOptions {
  /** What the app says. It wins over what was fetched. */
  readonly prices?: FalTelemetryConfig['prices'];
  readonly fetched?: PriceList['priceOf'] | undefined;
  /** Told once about the prices that are none. */
  readonly log?: Pick<DiagLogger, 'warn'> | undefined;
}

/** Longest name of a unit that becomes a label. */
const LONGEST_UNIT = 64;

/**
 * The prices of the app and, behind them, those of fal. A price that is none is refused with one warning that
 * names all of them; the others count. A price of the app that names no unit takes the fetched name.
 */
export function createPriceList({ prices, fetched, log }: PriceListOptions): PriceList {
  const given = new Map<string, EndpointPrice>();
  const refused: string[] = [];
  for (const [endpointId, entry] of Object.entries(prices ?? {})) {
    const price = givenPrice(entry);
    if (price === undefined) refused.push(`${endpointId} (${described(entry)})`);
    else given.set(endpointId, price);
  }
  if (refused.length > 0)
    log?.warn(
      `${PACKAGE_NAME}: refused the prices of ${refused.join(', ')}: expected ${PRICE_EXPECTED}, or ` +
        '{ unitPriceUsd, unit }. Their requests count as unpriced; correct them in the option `prices`.',
    );
  return {
    priceOf(endpointId) {
      const own = given.get(endpointId);
      if (own?.unit !== undefined) return own;
      const theirs = fetched?.(endpointId);
      return own === undefined || theirs === undefined ? (own ?? theirs) : { ...own, unit: theirs.unit };
    },
  };
}

/** The name of a unit as a label, trimmed; undefined for what is no name. */
export function unitNameOf(unit: unknown): string | undefined {
  const name = typeof unit === 'string' ? unit.trim() : '';
  return name === '' || name.length > LONGEST_UNIT ? undefined : name;
}

/** The types promise a price, but plain JavaScript and a parsed file keep no promise. */
function givenPrice(entry: unknown): EndpointPrice | undefined {
  const isObject = typeof entry === 'object' && entry !== null;
  const { unitPriceUsd, unit }: { [K in keyof UnitPrice]?: unknown } = isObject
    ? entry
    : { unitPriceUsd: entry };
  const unitPriceNano = nanoPriceOf(unitPriceUsd);
  return unitPriceNano === undefined ? undefined : { unitPriceNano, unit: unitNameOf(unit) };
}

function described(entry: unknown): string {
  const value =
    typeof entry === 'object' && entry !== null ? (entry as Partial<UnitPrice>).unitPriceUsd : entry;
  return typeof value === 'number'
    ? String(value)
    : value === undefined
      ? 'no unitPriceUsd'
      : `a ${typeof value}`;
}

import fc from 'fast-check';
import type { AlertDefinition } from '../src/alert.ts';
import { ALERTS } from '../src/catalogue.ts';
import { forLimits, severityChoices } from '../src/overrides/limits.ts';
import { brokenOrders } from '../src/overrides/orders.ts';
import type { Parameter } from '../src/parameter.ts';
import { promDuration } from '../src/prom-duration.ts';
import { type AlertSettings, defaultSettings, type Settings } from '../src/settings.ts';

/** What a user may write, as data, and the settings that it means. */
export interface Overrides {
  readonly written: Readonly<Record<string, unknown>>;
  readonly meant: Settings;
}

interface Written<T> {
  readonly written: unknown;
  readonly meant: T;
}

/** Every number may be left out: what has no default is not needed. */
const NONE: string[] = [];

const { jobs: JOBS, links: LINKS, alerts: DEFAULTS } = defaultSettings();

/** Any overrides that are valid. */
export function anyOverrides(): fc.Arbitrary<Overrides> {
  const alerts = fc
    .subarray([...ALERTS], { maxLength: 6 })
    .chain((chosen) => fc.tuple(...chosen.map(anyAlert)));
  return fc
    .record({ alerts, jobs: someOf(JOBS, anyJob()), links: someOf(LINKS, anyLink()) })
    .map(({ alerts: some, jobs, links }) => ({
      written: { alerts: Object.fromEntries(some.map(({ name, written }) => [name, written])), jobs, links },
      meant: {
        jobs: { ...JOBS, ...jobs },
        links: { ...LINKS, ...links },
        alerts: new Map([...DEFAULTS, ...some.map(({ name, meant }) => [name, meant] as const)]),
      },
    }))
    .filter(({ meant }) => brokenOrders(meant.alerts).length === 0);
}

function anyAlert(definition: AlertDefinition): fc.Arbitrary<Written<AlertSettings> & { name: string }> {
  const { name, parameters } = definition;
  const defaults = DEFAULTS.get(name);
  if (defaults === undefined) throw new Error(`no defaults for ${name}`);
  const values = fc.record(
    Object.fromEntries(Object.entries(parameters).map(([key, parameter]) => [key, anyQuantity(parameter)])),
    { requiredKeys: NONE },
  );
  return fc
    .record({ values, severity: fc.constantFrom(...severityChoices(definition)), enabled: fc.boolean() })
    .chain(({ values: chosen, severity, enabled }) =>
      fc
        .record({ for: anyFor(definition, severity), keep: anySeconds(0, 86_400) })
        .map(({ for: duration, keep }) => ({
          name,
          written: {
            ...Object.fromEntries(Object.entries(chosen).map(([key, { written }]) => [key, written])),
            ...{ severity, enabled, keep_firing_for: keep.written },
            ...(duration === undefined ? {} : { for: duration.written }),
          },
          meant: {
            ...{ enabled, severity },
            forSeconds: duration?.meant ?? defaults.forSeconds,
            keepFiringForSeconds: keep.meant === 0 ? undefined : keep.meant,
            values: {
              ...defaults.values,
              ...Object.fromEntries(Object.entries(chosen).map(([key, { meant }]) => [key, meant])),
            },
          },
        })),
    );
}

function anyFor(
  definition: AlertDefinition,
  severity: AlertSettings['severity'],
): fc.Arbitrary<Written<number> | undefined> {
  const { min, max, hasOwn } = forLimits(definition, severity);
  return hasOwn ? fc.constant(undefined) : anySeconds(min, max);
}

function anyQuantity({ unit, min, max, oneOf }: Parameter): fc.Arbitrary<Written<number>> {
  if (oneOf !== undefined) return fc.constantFrom(...oneOf).chain((value) => anySeconds(value, value));
  switch (unit) {
    case 'ratio':
      // In hundredths of a per cent, written as a share or as a percentage.
      return fc
        .record({ steps: fc.integer({ min: Math.ceil(min * 1e4), max: max * 1e4 }), percent: fc.boolean() })
        .map(({ steps, percent }) => ({
          written: percent ? `${steps / 100}%` : steps / 1e4,
          meant: steps / 1e4,
        }));
    case 'seconds':
      return anySeconds(min, max);
    case 'count':
      return fc.integer({ min, max }).map((value) => ({ written: value, meant: value }));
    case 'usd':
    case 'usd_per_hour':
      return fc
        .record({ cents: fc.integer({ min: Math.ceil(min * 100), max: max * 100 }), sign: fc.boolean() })
        .map(({ cents, sign }) => ({ written: sign ? `$${cents / 100}` : cents / 100, meant: cents / 100 }));
    case 'factor':
      return fc
        .integer({ min: min * 10, max: max * 10 })
        .map((tenths) => ({ written: tenths / 10, meant: tenths / 10 }));
  }
}

function anySeconds(min: number, max: number): fc.Arbitrary<Written<number>> {
  return fc.integer({ min, max }).chain((seconds) =>
    fc
      .constantFrom(`${seconds}s`, promDuration(seconds), `${Math.floor(seconds / 60)}m${seconds % 60}s`)
      .map((written) => ({
        written,
        meant: seconds,
      })),
  );
}

function someOf<K extends string>(
  all: Readonly<Record<K, string>>,
  any: fc.Arbitrary<string>,
): fc.Arbitrary<Partial<Record<K, string>>> {
  const model = Object.fromEntries(Object.keys(all).map((key) => [key, any]));
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<Record<K, string>>>;
}

function anyJob(): fc.Arbitrary<string> {
  const name = fc.stringMatching(/^[a-z][a-z0-9_.:/-]{0,20}$/);
  return fc.oneof(
    name,
    fc.tuple(name, name).map(([a, b]) => `${a}|${b}`),
    name.map((each) => `${each}-(eu|us)[0-9]+`),
  );
}

function anyLink(): fc.Arbitrary<string> {
  return fc
    .webUrl({ validSchemes: ['http', 'https'], withQueryParameters: false, withFragments: false })
    .map((url) => url.replace(/[^\w:/.-]/g, '').replace(/\/+$/, ''))
    .filter((url) => URL.canParse(url));
}

import type { YAMLMap } from 'yaml';
import type { AlertDefinition, Severity } from '../alert.ts';
import { promDuration } from '../prom-duration.ts';
import type { AlertSettings } from '../settings.ts';
import { forLimits, MAX_KEEP_FIRING_SECONDS, severityChoices } from './limits.ts';
import { didYouMean } from './nearest-name.ts';
import type { Entry, OverrideFile } from './override-file.ts';
import { expectedQuantity, readQuantity, secondsOf, shown } from './quantity.ts';

const COMMON_KEYS = ['enabled', 'severity', 'for', 'keep_firing_for'] as const;

/** Every key that an alert may have in an override file. */
export function keysOf({ parameters }: AlertDefinition): string[] {
  return [...COMMON_KEYS, ...Object.keys(parameters)];
}

/** Reads what stands under the name of one alert into its settings. What is wrong is reported and left as it was. */
export function readAlert(
  file: OverrideFile,
  entry: Entry,
  definition: AlertDefinition,
  defaults: AlertSettings,
): AlertSettings {
  const map = file.mapping(entry, exampleOf(definition));
  if (map === undefined) return defaults;
  const reader = new AlertReader(file, definition, defaults);
  return reader.read(map, entry.path);
}

class AlertReader {
  readonly #file: OverrideFile;
  readonly #definition: AlertDefinition;
  readonly #defaults: AlertSettings;

  constructor(file: OverrideFile, definition: AlertDefinition, defaults: AlertSettings) {
    this.#file = file;
    this.#definition = definition;
    this.#defaults = defaults;
  }

  read(map: YAMLMap, path: string): AlertSettings {
    const entries = this.#file.entries(map, path);
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const severity = this.#severity(byKey.get('severity'));
    const values = new Map(Object.entries(this.#defaults.values));
    for (const entry of entries) this.#parameter(entry, values);
    return {
      enabled: this.#enabled(byKey.get('enabled')),
      severity,
      forSeconds: this.#for(byKey.get('for'), severity),
      keepFiringForSeconds: this.#keepFiringFor(byKey.get('keep_firing_for')),
      values: Object.fromEntries(values),
    };
  }

  #parameter(entry: Entry, values: Map<string, number>): void {
    const { key, path, keyNode } = entry;
    if (COMMON_KEYS.some((common) => common === key)) return;
    const { parameters } = this.#definition;
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) {
      const known = keysOf(this.#definition);
      const hint = didYouMean(key, known);
      this.#file.report(keyNode, path, {
        found: `unknown setting of ${this.#definition.name}`,
        expected: known.join(', '),
        hint,
      });
      return;
    }
    const scalar = this.#file.scalar(entry, expectedQuantity(parameter));
    if (scalar === undefined) return;
    const reading = readQuantity(scalar.value, parameter);
    if ('value' in reading) values.set(key, reading.value);
    else this.#file.report(entry.value ?? keyNode, path, reading.problem);
  }

  #enabled(entry: Entry | undefined): boolean {
    const expected = 'true or false';
    const scalar = entry === undefined ? undefined : this.#file.scalar(entry, expected);
    if (entry === undefined || scalar === undefined) return this.#defaults.enabled;
    if (typeof scalar.value === 'boolean') return scalar.value;
    this.#file.report(entry.value, entry.path, { found: shown(scalar.value), expected });
    return this.#defaults.enabled;
  }

  #severity(entry: Entry | undefined): Severity {
    const choices = severityChoices(this.#definition);
    const expected = choices.join(', ').replace(/, (\w+)$/, ' or $1');
    const scalar = entry === undefined ? undefined : this.#file.scalar(entry, expected);
    if (entry === undefined || scalar === undefined) return this.#defaults.severity;
    const chosen = choices.find((choice) => choice === scalar.value);
    if (chosen !== undefined) return chosen;
    const hint = typeof scalar.value === 'string' ? didYouMean(scalar.value, choices) : undefined;
    this.#file.report(entry.value, entry.path, { found: shown(scalar.value), expected, hint });
    return this.#defaults.severity;
  }

  #for(entry: Entry | undefined, severity: Severity): number {
    const { min, max, hasOwn } = forLimits(this.#definition, severity);
    if (entry !== undefined && hasOwn) {
      this.#file.report(entry.keyNode, entry.path, {
        found: `${this.#definition.name} cannot be given one`,
        hint: 'each of its windows has its own',
      });
      return this.#defaults.forSeconds;
    }
    const expected = `a duration with its unit from ${promDuration(min)} to ${promDuration(max)} for severity ${severity}`;
    return this.#seconds(entry, { min, max, expected }) ?? this.#defaults.forSeconds;
  }

  #keepFiringFor(entry: Entry | undefined): number | undefined {
    const max = MAX_KEEP_FIRING_SECONDS;
    const expected = `a duration with its unit from 0s to ${promDuration(max)}`;
    const seconds = this.#seconds(entry, { min: 0, max, expected }) ?? this.#defaults.keepFiringForSeconds;
    return seconds === 0 ? undefined : seconds;
  }

  #seconds(
    entry: Entry | undefined,
    { min, max, expected }: { readonly min: number; readonly max: number; readonly expected: string },
  ): number | undefined {
    const scalar = entry === undefined ? undefined : this.#file.scalar(entry, expected);
    if (entry === undefined || scalar === undefined) return undefined;
    const seconds = secondsOf(scalar.value);
    if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
    const isBare = typeof scalar.value === 'number' && scalar.value > 0;
    const hint = isBare ? `did you mean ${String(scalar.value)}s?` : undefined;
    this.#file.report(entry.value ?? entry.keyNode, entry.path, {
      found: shown(scalar.value),
      expected,
      hint,
    });
    return undefined;
  }
}

function exampleOf({ parameters }: AlertDefinition): string {
  return Object.hasOwn(parameters, 'threshold') ? '{ severity: info, for: 10m }' : '{ enabled: false }';
}

import type { AlertDefinition } from './alert.ts';
import type { Parameter, Unit } from './parameter.ts';

/** Numbers by name of the parameter, in its unit, and `for` in seconds. What is missing has its default. */
export type MeaningValues = Readonly<Record<string, number>>;

/**
 * The expression of an alert in words, with its thresholds filled in: `0.05` of unit ratio is `5 %`, 300 seconds
 * are `5 minutes`. A parameter that has neither value nor default reads `the threshold that you set`. Throws when
 * the words name a parameter that the alert does not have.
 */
export function meaningOf(definition: AlertDefinition, values: MeaningValues = {}): string {
  return definition.meaning.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => {
    if (name === 'for') return inWords('seconds', values.for ?? definition.forSeconds);
    const parameter = definition.parameters[name];
    if (parameter === undefined) throw new Error(unknownParameter(definition, name));
    return valueInWords(name, parameter, values[name]);
  });
}

/** What else decides when an alert comes and goes: severity, scope, sources, `for` and `keep_firing_for`. */
export function factsOf(definition: AlertDefinition): string {
  const { severity, scope, forSeconds, keepFiringForSeconds: keep, enabled } = definition;
  return [
    `severity ${severity}`,
    `scope ${scope}`,
    forSeconds === 0 ? 'fires at once' : `must hold for ${inWords('seconds', forSeconds)}`,
    ...(keep === undefined ? [] : [`keeps firing for ${inWords('seconds', keep)}`]),
    ...(enabled ? [] : ['off until you switch it on']),
  ].join(' · ');
}

/** A number with its unit, for people. */
export function inWords(unit: Unit, value: number): string {
  switch (unit) {
    case 'ratio':
      return `${trimmed(value * 100)} %`;
    case 'seconds':
      return durationInWords(value);
    case 'usd':
      return `${trimmed(value)} USD`;
    case 'usd_per_hour':
      return `${trimmed(value)} USD per hour`;
    case 'count':
    case 'factor':
      return trimmed(value);
  }
}

/** From which length on a unit is used: people say 60 seconds and 24 hours, and then 2 minutes and 2 days. */
const UNITS = [
  { name: 'day', seconds: 86_400, from: 2 * 86_400 },
  { name: 'hour', seconds: 3600, from: 3600 },
  { name: 'minute', seconds: 60, from: 120 },
] as const;

function durationInWords(seconds: number): string {
  const unit = UNITS.find((each) => seconds >= each.from && seconds % each.seconds === 0);
  const amount = unit === undefined ? seconds : seconds / unit.seconds;
  return `${trimmed(amount)} ${unit?.name ?? 'second'}${amount === 1 ? '' : 's'}`;
}

function valueInWords(name: string, { unit, default: usual }: Parameter, value: number | undefined): string {
  const inForce = value ?? usual;
  return inForce === undefined ? `the ${name.replaceAll('_', ' ')} that you set` : inWords(unit, inForce);
}

/** Without the dust of binary fractions: 0.07 × 100 is 7 and not 7.000000000000001. */
function trimmed(value: number): string {
  return String(Number(value.toFixed(6)));
}

function unknownParameter({ name, parameters }: AlertDefinition, wanted: string): string {
  const known = ['for', ...Object.keys(parameters)].join(', ');
  return `the meaning of ${name} names {${wanted}}, which is no parameter of it: known are ${known}`;
}

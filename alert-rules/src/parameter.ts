/** What a threshold is measured in. It decides how an override may be written and how a runbook prints it. */
export type Unit = 'ratio' | 'count' | 'seconds' | 'usd' | 'usd_per_hour' | 'factor';

/** A number of an alert that its users may set. */
export interface Parameter {
  readonly unit: Unit;
  /** Absent: the rule does without the number until somebody sets one. */
  readonly default?: number | undefined;
  /** Smallest and largest value that still makes sense, inclusive. */
  readonly min: number;
  readonly max: number;
  /** The only values that make sense, where not every number between the two does. */
  readonly oneOf?: readonly number[] | undefined;
  /** One line for the reference of overrides. */
  readonly about: string;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** One with a number of its own. */
export type Preset = Parameter & { readonly default: number };

/** One number per parameter; of those without a default, perhaps none. */
export type Values<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Preset ? number : number | undefined;
};

/** A share of a whole, 0 to 1 exclusive of both: at 0 an alert always fires, at 1 it never does. */
export function ratio(value: number, about: string): Preset {
  return { unit: 'ratio', default: value, min: 0.0001, max: 0.9999, about };
}

/** A whole number of things. */
export function count(value: number, about: string): Preset {
  return { unit: 'count', default: value, min: 1, max: 1_000_000, about };
}

/** A span of time in seconds. */
export function seconds(value: number, about: string): Preset {
  return { unit: 'seconds', default: value, min: 1, max: 30 * 86_400, about };
}

/** Money in US dollars. */
export function usd(value: number, about: string): Preset {
  return { ...optionalUsd(about), default: value };
}

/** Money in US dollars, of which there is none unless somebody sets it. */
export function optionalUsd(about: string): Parameter {
  return { unit: 'usd', min: 0.01, max: 10_000_000, about };
}

/** Money per hour in US dollars. */
export function usdPerHour(value: number, about: string): Preset {
  return { unit: 'usd_per_hour', default: value, min: 0.01, max: 1_000_000, about };
}

/** How many times something else. */
export function factor(value: number, about: string): Preset {
  return { unit: 'factor', default: value, min: 1, max: 1000, about };
}

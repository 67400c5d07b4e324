/** What a feeder is in this version: measuring already, or announced with what it comes with. */
export type FeederState = { readonly is: 'fed' } | { readonly is: 'planned'; readonly comesWith: string };

const fed: FeederState = { is: 'fed' };
const planned = (comesWith: string): FeederState => ({ is: 'planned', comesWith });

/**
 * Who writes the numbers of a metric family. Families of a planned feeder are named already, so that rules and
 * dashboards can be written and tested against them; no scrape holds them yet. A feeder that starts to measure
 * changes its line here and nothing else.
 */
export const FEEDERS = {
  /** Our own runs against fal, and what their answers tell about the account. */
  probes: fed,
  /** The configuration in force, so that rules need no copy of it. */
  config: fed,
  /** The exporter about itself and its collectors. */
  exporter: fed,
  /** The process and Node.js. */
  runtime: fed,
  'collector: balance': fed,
  'collector: pricing': fed,
  'collector: status page': fed,
  /** The module that says whose problem it is. */
  verdict: fed,
  /** The users' own traffic, measured in their app. */
  app: fed,
  'collector: billing': planned('the billing collector'),
  'collector: request history': planned('the request history collector'),
} as const satisfies Readonly<Record<string, FeederState>>;

export type Feeder = keyof typeof FEEDERS;

/** The state of a feeder, for code that handles any of them alike. */
export function feederState(feeder: Feeder): FeederState {
  return FEEDERS[feeder];
}

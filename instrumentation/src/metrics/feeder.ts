/** Who writes the numbers of a metric family. */
export type Feeder =
  /** Our own runs against fal, and what their answers tell about the account. */
  | 'probes'
  /** The configuration in force, so that rules need no copy of it. */
  | 'config'
  /** The exporter about itself and its collectors. */
  | 'exporter'
  /** The process and Node.js. */
  | 'runtime'
  /** The module that says whose problem it is. */
  | 'verdict'
  /** The users' own traffic, measured in their app. */
  | 'app'
  | 'collector: balance'
  | 'collector: pricing'
  | 'collector: status page'
  | 'collector: billing'
  | 'collector: usage'
  | 'collector: analytics'
  | 'collector: models'
  | 'collector: request history';

import type { Parameters, Values } from './parameter.ts';
import type { PromQl } from './promql.ts';

/** What an alert speaks of. Routing groups and inhibits by it. */
export type Scope = 'endpoint' | 'platform' | 'account' | 'meta';

/** critical rings, warning waits for the morning, info goes to a chat, none only feeds the dead-man switch. */
export type Severity = 'critical' | 'warning' | 'info' | 'none';

/** `slo` holds the burn-rate alerts of scope endpoint and their long windows: optional, and the dearest to evaluate. */
export type FileName = Scope | 'slo';

/**
 * Where the numbers of a rule come from: the app's own traffic or our probes. The two are never mixed in one
 * ratio; an alert that can be told from either has one rule for each.
 */
export type Source = 'app' | 'probe';

/** The dashboard that explains an alert. */
export type DashboardUid =
  'fal-overview' | 'fal-endpoint' | 'fal-queue' | 'fal-credits' | 'fal-probes' | 'fal-exporter';

export interface AlertDefinition {
  /** CamelCase with prefix Fal (Watchdog alone keeps the name that everybody knows). */
  readonly name: string;
  readonly scope: Scope;
  readonly severity: Severity;
  /** How long the expression must hold before the alert fires. */
  readonly forSeconds: number;
  /** How long it keeps firing after the expression stopped holding; bridges flapping. */
  readonly keepFiringForSeconds?: number | undefined;
  /** False for what needs a decision of the user first. */
  readonly enabled: boolean;
  readonly parameters: Parameters;
  /** The expression in words, with `{name}` for parameters: first line of the runbook, line of the catalogue. */
  readonly meaning: string;
  /** One rule per source, or one rule. */
  readonly rules: (promql: PromQl, values: Values<Parameters>) => readonly AlertExpression[];
}

export interface AlertExpression {
  readonly source?: Source | undefined;
  readonly expr: string;
  /** Beside severity, scope and source. Constant text only. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Instead of the alert's own, for the pairs of a burn-rate pack. */
  readonly forSeconds?: number | undefined;
  /** One line, whose fault and which model first; Go template. */
  readonly summary: string;
  /** What it means and the first move; Go template. */
  readonly description: string;
  readonly dashboard: DashboardUid;
}

/** A series that is computed once for several rules and panels. */
export interface Recording {
  /** level:metric:operations */
  readonly record: string;
  readonly expr: string;
}

/** Keeps the names of the parameters known to the rules of the same alert. */
export function alert<const P extends Parameters>(
  definition: Omit<AlertDefinition, 'parameters' | 'rules' | 'enabled'> & {
    readonly enabled?: boolean;
    readonly parameters: P;
    readonly rules: (promql: PromQl, values: Values<P>) => readonly AlertExpression[];
  },
): AlertDefinition {
  const { rules } = definition;
  return {
    enabled: true,
    ...definition,
    // The pack hands in exactly the parameters of this definition.
    rules: (promql, values) => rules(promql, values as Values<P>),
  };
}

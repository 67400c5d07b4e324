/**
 * Selectors of the dashboards: each carries the variables that the reader chose, so that no panel can forget one.
 * `$job` and `$instance` narrow everything, `$account` what is measured for an account, `$endpoint_id` what is of a
 * model.
 */
const PROCESS = ['job=~"$job"', 'instance=~"$instance"'];
const ACCOUNT = 'account=~"$account"';
/** An app that names no account is shown with each: its metrics carry none unless the user adds one. */
const ACCOUNT_OR_NONE = 'account=~"$account|"';
const MODEL = 'endpoint_id=~"$endpoint_id"';

/** A family of the exporter about itself: no account, no model. */
export function self(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [...PROCESS, ...matchers]);
}

/** A family of the exporter that is measured for an account. */
export function account(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [...PROCESS, ACCOUNT, ...matchers]);
}

/** A family of the exporter that is of a model of an account: probes, prices, verdicts, billed money. */
export function model(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [...PROCESS, ACCOUNT, MODEL, ...matchers]);
}

/** A family of the instrumented app; all of them are of a model. */
export function app(metric: string, ...matchers: readonly string[]): string {
  return selector(metric, [...PROCESS, ACCOUNT_OR_NONE, MODEL, ...matchers]);
}

function selector(metric: string, matchers: readonly string[]): string {
  return `${metric}{${matchers.join(', ')}}`;
}

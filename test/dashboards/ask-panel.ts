import type { PrometheusApi, Series } from '../prometheus-api.ts';
import type { Past } from '../history/past.ts';
import type { PastPrometheus } from '../history/past-prometheus.ts';
import type { Dashboard, Panel, Target, Variable } from './dashboard-files.ts';
import { interpolate, withValues } from './interpolate.ts';

/** A Prometheus, and the second that a reader looks at it. */
export interface Moment {
  readonly prometheus: Pick<PrometheusApi, 'query' | 'queryRange'>;
  /** Unix time in seconds. */
  readonly end: number;
}

/** Dashboards, a past, and a Prometheus that knows it. */
export interface Scene extends Moment {
  readonly dashboards: readonly Dashboard[];
  readonly past: Past;
  readonly prometheus: PastPrometheus;
}

export interface Place {
  readonly dashboard: Dashboard;
  readonly panel: Panel;
  readonly target: Target;
}

/** What the reader sees at first, but for the range: the last hour. */
const RANGE_SECONDS = 3600;

/** Every query of every panel. */
export function placesOf(dashboards: readonly Dashboard[]): Place[] {
  return dashboards.flatMap((dashboard) =>
    dashboard.panels.flatMap((panel) => panel.targets.map((target) => ({ dashboard, panel, target }))),
  );
}

/** `fal-overview: Balance (A)`. */
export function nameOf({ dashboard, panel, target }: Place): string {
  return `${dashboard.uid}: ${panel.title} (${target.refId})`;
}

/** What Grafana would be answered: an instant query has one point per series. */
export async function answerTo(place: Place, { prometheus, end: now }: Moment): Promise<readonly Series[]> {
  const { dashboard, panel, target } = place;
  const view = { start: now - RANGE_SECONDS, end: now, variables: dashboard.variables };
  const { promql, stepSeconds } = interpolate(target, panel, view);
  try {
    if (target.instant === true) {
      const samples = await prometheus.query(promql, now);
      return samples.map(({ labels, value, at }) => ({ labels, points: [{ value, at }] }));
    }
    // Grafana moves the range to whole steps.
    const end = Math.floor(view.end / stepSeconds) * stepSeconds;
    return await prometheus.queryRange(promql, { start: end - RANGE_SECONDS, end, stepSeconds });
  } catch (error) {
    throw new Error(`${nameOf(place)}: ${String(error)}`, { cause: error });
  }
}

/** The answer to one query by where it stands; what follows a comma in a title is left out. @throws Error when there is no such panel or query. */
export async function ask(
  scene: Moment & Pick<Scene, 'dashboards'>,
  uid: string,
  title: string,
  refId = 'A',
): Promise<readonly Series[]> {
  const place = placesOf(scene.dashboards).find(
    ({ dashboard, panel, target }) =>
      dashboard.uid === uid && panel.title.split(',')[0] === title && target.refId === refId,
  );
  if (place === undefined) throw new Error(`there is no query ${refId} in a panel “${title}” of ${uid}`);
  return answerTo(place, scene);
}

/** What a reader may choose for a variable that the data source fills, by one of Grafana's two functions for it. */
export async function choicesOf(
  variable: Variable,
  dashboard: Dashboard,
  { prometheus, end }: Moment,
): Promise<string[]> {
  const values = Object.fromEntries(dashboard.variables.map(({ name, value }) => [name, value]));
  const [, result] = /^query_result\((.+)\)$/s.exec(variable.query) ?? [];
  const [, selector, label = variable.name] = /^label_values\((.+), (\w+)\)$/s.exec(variable.query) ?? [];
  const promql = result ?? (selector === undefined ? undefined : `count by (${label}) (${selector})`);
  if (promql === undefined)
    throw new Error(`${dashboard.uid}: nobody knows the function of ${variable.query}`);
  const samples = await prometheus.query(withValues(promql, values), end);
  return samples.flatMap(({ labels }) => labels[label] ?? []);
}

/** Expressions of annotations that mark something in the shown range. */
export async function marked({ dashboards, end, prometheus }: Scene): Promise<string[]> {
  const all = [...new Set(dashboards.flatMap(({ annotations }) => annotations))];
  const range = { start: end - RANGE_SECONDS, end, stepSeconds: 30 };
  const series = await Promise.all(all.map((promql) => prometheus.queryRange(promql, range)));
  return all.filter((_, index) => (series[index] ?? []).length > 0);
}

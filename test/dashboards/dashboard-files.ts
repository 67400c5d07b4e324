import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A query of a panel, as the file of a dashboard has it. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  /** The least step, such as `1h`. */
  readonly interval?: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  /** PromQL-like for a variable of the data source: `label_values(selector, label)`. */
  readonly query: string;
  readonly value: string;
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly variables: readonly Variable[];
  /** Expressions of the annotations that Prometheus answers. */
  readonly annotations: readonly string[];
}

interface RawPanel extends Partial<Omit<Panel, 'panels'>> {
  readonly panels?: readonly RawPanel[];
}
interface RawVariable {
  readonly name: string;
  readonly type: string;
  readonly query?: string | { readonly query: string };
  readonly allValue?: string;
  readonly current?: { readonly value?: string | readonly string[] };
}
interface RawDashboard {
  readonly uid: string;
  readonly panels: readonly RawPanel[];
  readonly templating: { readonly list: readonly RawVariable[] };
  readonly annotations: { readonly list: readonly { readonly expr?: string }[] };
}

const FOLDER = join(dirname(dirname(import.meta.dirname)), 'dashboards', 'json');

/** Every dashboard as it is shipped. */
export function readDashboards(): Dashboard[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return names
    .sort()
    .map((name) => dashboardOf(JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as RawDashboard));
}

function dashboardOf({ uid, panels, templating, annotations }: RawDashboard): Dashboard {
  return {
    uid,
    panels: panels.flatMap(panelsOf).filter(({ targets }) => targets.length > 0),
    variables: templating.list.map(variableOf),
    annotations: annotations.list.flatMap(({ expr }) => expr ?? []),
  };
}

/** A panel, and those that a collapsed row keeps inside. */
function panelsOf(raw: RawPanel): Panel[] {
  const { id = 0, type = '', title = '', targets = [] } = raw;
  return [{ ...raw, id, type, title, targets }, ...(raw.panels ?? []).flatMap(panelsOf)];
}

/**
 * With the value that it has when the dashboard is opened for the first time. A variable without one, such as the
 * model of a page about one model, stands for a reader who has chosen all there are.
 */
function variableOf({ name, type, query = '', allValue, current }: RawVariable): Variable {
  const value = typeof current?.value === 'string' ? current.value : (current?.value?.[0] ?? '.+');
  return {
    ...{ name, type },
    query: typeof query === 'string' ? query : query.query,
    value: value === '$__all' ? (allValue ?? '.*') : value,
  };
}

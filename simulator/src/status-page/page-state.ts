import type { Engine } from '../engine.ts';

/** Source of the words: the JSON that pages hosted by Instatus serve, https://instatus.com/help/api */
export const COMPONENT_STATUSES = [
  'OPERATIONAL',
  'UNDERMAINTENANCE',
  'DEGRADEDPERFORMANCE',
  'PARTIALOUTAGE',
  'MAJOROUTAGE',
] as const;
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number];

export const INCIDENT_STATUSES = ['INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export type PageStatus = 'UP' | 'HASISSUES' | 'UNDERMAINTENANCE';

/** What the page answers with: what the scenario says, or one of the two whatever it says. */
export const PAGE_ANSWERS = ['scenario', 'normal', 'html-error'] as const;
export type PageAnswer = (typeof PAGE_ANSWERS)[number];

/** Components that fal's page shows since May 2026. */
const COMPONENTS = ['Model API', 'Serverless API', 'Serverless Dashboard'] as const;
/** Incidents kept, the resolved ones among them; the feed shows as many. */
const MOST_INCIDENTS = 50;

export interface Incident {
  readonly id: string;
  readonly name: string;
  readonly impact: ComponentStatus;
  readonly components: readonly string[];
  readonly isMaintenance: boolean;
  /** Oldest first; at least one. Times are ms since the epoch. */
  readonly updates: { readonly at: number; readonly status: IncidentStatus }[];
}

export type IncidentOrder = Pick<Incident, 'name' | 'impact' | 'components' | 'isMaintenance'>;

const SCENARIO_INCIDENT: IncidentOrder = {
  name: 'Elevated error rates on Model API',
  impact: 'PARTIALOUTAGE',
  components: ['Model API'],
  isMaintenance: false,
};

/** What the people behind the status page have published. */
export class PageState {
  answer: PageAnswer = 'scenario';
  readonly components = new Map<string, ComponentStatus>(COMPONENTS.map((name) => [name, 'OPERATIONAL']));
  readonly #engine: Engine;
  readonly #ids = new Map<string, string>();
  #incidents: Incident[] = [];
  #scenarioIncident: Incident | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
    for (const name of COMPONENTS) this.#ids.set(name, this.#freshId());
  }

  /** All that is remembered, oldest first. */
  get incidents(): readonly Incident[] {
    this.#followScenario();
    return this.#incidents;
  }

  /** Incidents and maintenances that are going on. */
  get active(): readonly Incident[] {
    return this.incidents.filter((incident) => statusOf(incident) !== 'RESOLVED');
  }

  get isHtmlError(): boolean {
    if (this.answer !== 'scenario') return this.answer === 'html-error';
    return this.#engine.switches.statusPage === 'html-error';
  }

  get status(): PageStatus {
    const active = this.active;
    const isIll = [...this.components.values()].some(
      (status) => status !== 'OPERATIONAL' && status !== 'UNDERMAINTENANCE',
    );
    if (isIll || active.some((incident) => !incident.isMaintenance)) return 'HASISSUES';
    const isMaintained = [...this.components.values()].includes('UNDERMAINTENANCE');
    return isMaintained || active.length > 0 ? 'UNDERMAINTENANCE' : 'UP';
  }

  /** What a component shows: what was set for it, or the impact of an incident that names it. */
  statusOfComponent(name: string): ComponentStatus {
    const own = this.components.get(name) ?? 'OPERATIONAL';
    const incident = this.active.find(({ components }) => components.includes(name));
    return own === 'OPERATIONAL' && incident !== undefined ? incident.impact : own;
  }

  /** A stable id for a component. */
  idOfComponent(name: string): string | undefined {
    return this.#ids.get(name);
  }

  open(order: IncidentOrder): Incident {
    const first = { at: this.#engine.clock.now(), status: 'INVESTIGATING' } as const;
    const incident: Incident = { ...order, id: this.#freshId(), updates: [first] };
    this.#incidents = [...this.#incidents, incident].slice(-MOST_INCIDENTS);
    return incident;
  }

  /** Publishes an update of one kind of everything that is going on. */
  update(kind: 'incident' | 'maintenance', status: IncidentStatus): void {
    for (const incident of this.active) {
      if (incident.isMaintenance === (kind === 'maintenance')) this.#publish(incident, status);
    }
  }

  /** The people of the page notice a scenario's incident when somebody looks: on real pages it takes minutes. */
  #followScenario(): void {
    const isWanted = this.#engine.switches.statusPage === 'incident';
    if (isWanted && this.#scenarioIncident === undefined) {
      this.#scenarioIncident = this.open(SCENARIO_INCIDENT);
    } else if (!isWanted && this.#scenarioIncident !== undefined) {
      this.#publish(this.#scenarioIncident, 'RESOLVED');
      this.#scenarioIncident = undefined;
    }
  }

  #publish(incident: Incident, status: IncidentStatus): void {
    if (statusOf(incident) !== status) incident.updates.push({ at: this.#engine.clock.now(), status });
  }

  /** In the layout of a cuid, which is what fal's incident links carry. */
  #freshId(): string {
    const letters = Array.from({ length: 24 }, () => this.#engine.random.integer(36).toString(36));
    return `c${letters.join('')}`;
  }
}

export function statusOf(incident: Incident): IncidentStatus {
  return incident.updates.at(-1)?.status ?? 'INVESTIGATING';
}

export function startOf(incident: Incident): number {
  return incident.updates[0]?.at ?? 0;
}

/** Keyed by the engine, so that the page and the control API of one simulator meet and two simulators do not. */
const byEngine = new WeakMap<Engine, PageState>();

export function pageStateOf(engine: Engine): PageState {
  const known = byEngine.get(engine);
  if (known !== undefined) return known;
  const fresh = new PageState(engine);
  byEngine.set(engine, fresh);
  return fresh;
}

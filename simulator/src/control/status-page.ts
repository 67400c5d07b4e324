import {
  COMPONENT_STATUSES,
  INCIDENT_STATUSES,
  type IncidentOrder,
  type IncidentStatus,
  PAGE_ANSWERS,
  type PageState,
  pageStateOf,
} from '../status-page/page-state.ts';
import { componentsOf, summaryOf } from '../status-page/page-views.ts';
import { type ControlCall, bodyOf } from './call.ts';
import { checked, isObject, isOneOf, isText, onlyKnown } from './check.ts';
import { type Field, applyPatch, field } from './patch.ts';
import { badInput } from './refusal.ts';

/** `GET /status-page` */
export function showStatusPage({ engine }: ControlCall): unknown {
  return statusPageView(pageStateOf(engine));
}

/** `PATCH /status-page` */
export function changeStatusPage(call: ControlCall): unknown {
  const state = pageStateOf(call.engine);
  const patch = {
    answer: field(isOneOf(PAGE_ANSWERS), (page: PageState, answer) => {
      page.answer = answer;
    }),
    components: componentsField(),
    incident: eventField('incident'),
    maintenance: eventField('maintenance'),
  };
  applyPatch(patch, state, bodyOf(call));
  return statusPageView(state);
}

function statusPageView(state: PageState): unknown {
  return { answer: state.answer, ...summaryOf(state), ...componentsOf(state) };
}

/** `{"Model API": "MAJOROUTAGE"}`, for components that the page has. */
function componentsField(): Field<PageState> {
  return {
    prepare: (name, value, state) => {
      if (!isObject(value)) throw badInput(name, 'an object of component names and statuses', value);
      onlyKnown(Object.keys(value), [...state.components.keys()]);
      const changes = Object.entries(value).map(
        ([component, status]) =>
          [component, checked(`${name}.${component}`, status, isOneOf(COMPONENT_STATUSES))] as const,
      );
      return () => {
        for (const [component, status] of changes) state.components.set(component, status);
      };
    },
  };
}

/** A new event `{"name", "impact"?, "components"?}`, a word that updates the open ones, or `null`, which ends them. */
function eventField(kind: 'incident' | 'maintenance'): Field<PageState> {
  return {
    prepare: (name, value, state) => {
      const status = value === null ? 'RESOLVED' : INCIDENT_STATUSES.find((known) => known === value);
      if (status !== undefined) return updating(state, kind, status);
      if (!isObject(value))
        throw badInput(name, `an object, null, or one of ${INCIDENT_STATUSES.join(', ')}`, value);
      const order = orderOf(name, value, kind, state);
      return () => {
        state.open(order);
      };
    },
  };
}

function updating(state: PageState, kind: 'incident' | 'maintenance', status: IncidentStatus): () => void {
  return () => state.update(kind, status);
}

function orderOf(
  field: string,
  value: Readonly<Record<string, unknown>>,
  kind: 'incident' | 'maintenance',
  state: PageState,
): IncidentOrder {
  onlyKnown(Object.keys(value), ['name', 'impact', 'components']);
  const isMaintenance = kind === 'maintenance';
  const { impact = isMaintenance ? 'UNDERMAINTENANCE' : 'PARTIALOUTAGE', components = ['Model API'] } = value;
  if (!Array.isArray(components))
    throw badInput(`${field}.components`, 'a list of component names', components);
  const isKnown = isOneOf([...state.components.keys()]);
  return {
    name: checked(`${field}.name`, value.name, isText),
    impact: checked(`${field}.impact`, impact, isOneOf(COMPONENT_STATUSES)),
    components: components.map((each) => checked(`${field}.components`, each, isKnown)),
    isMaintenance,
  };
}

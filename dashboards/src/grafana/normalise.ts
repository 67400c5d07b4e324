import type { Dashboard, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What Grafana reads of a variable, by its type. The SDK writes the fields of all types into each. */
const VARIABLE_FIELDS: Readonly<Record<string, readonly (keyof VariableModel)[]>> = {
  datasource: ['type', 'name', 'label', 'description', 'query', 'current', 'hide'],
  query: [
    'type',
    'name',
    'label',
    'description',
    'datasource',
    'query',
    'definition',
    'regex',
    'refresh',
    'sort',
    'multi',
    'includeAll',
    'allValue',
    'current',
    'hide',
  ],
  custom: ['type', 'name', 'label', 'description', 'query', 'options', 'current', 'hide'],
};

/**
 * The dashboard without what the SDK adds and nobody asked for, as plain JSON: links and annotations hidden in a menu
 * (its default, and a defect of it), fields of other types of variables, and switches that are off anyway.
 */
export function normalised(dashboard: Dashboard): Json {
  const list = (dashboard.templating.list ?? []).map(variable);
  const plain: unknown = JSON.parse(JSON.stringify({ ...dashboard, templating: { list } }));
  return cleaned(plain as Json);
}

function variable(model: VariableModel): Partial<VariableModel> {
  const fields = VARIABLE_FIELDS[model.type];
  if (fields === undefined) {
    throw new Error(
      `no list of fields for variables of type ${model.type}: add it to VARIABLE_FIELDS, or use datasource, query or custom`,
    );
  }
  return Object.fromEntries(
    fields.flatMap((field) => (model[field] === undefined ? [] : [[field, model[field]]])),
  );
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (isNoise(key, inner) ? [] : [[key, cleaned(inner)]])),
  );
}

function isNoise(key: string, value: Json): boolean {
  switch (key) {
    case 'placement':
      return value === 'inControlsMenu';
    case 'repeatDirection':
    case 'fiscalYearStartMonth':
      return true;
    case 'transparent':
      return value === false;
    // Grafana 12.4 has the footer of a table among the options of its fields.
    case 'footer':
      return true;
    default:
      return false;
  }
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, test } from 'vitest';
import { BUILT, EVERY_PANEL, EVERY_TARGET } from './grafana-json.ts';
import { PANEL_MODULES, SCHEMAS } from './schema/schema-sources.ts';

const FOLDER = join(import.meta.dirname, 'schema', 'generated');

/** The SDK calls these objects where Grafana takes any value. */
const ANY_VALUE = [
  ['MatcherConfig', 'options'],
  ['DynamicConfigValue', 'value'],
] as const;

const ajv = new Ajv({ strict: false, allErrors: true });
for (const { name } of SCHEMAS) ajv.addSchema(relaxed(name), name);

interface Schema {
  readonly definitions: Record<string, { properties?: Record<string, unknown>; required?: string[] }>;
}

function relaxed(name: string): Schema {
  const schema = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Schema;
  for (const [type, property] of ANY_VALUE) {
    const properties = schema.definitions[type]?.properties;
    if (properties?.[property] !== undefined) properties[property] = {};
  }
  // Links of values have a title and an address only; the SDK gives them the type of links between dashboards.
  const link = schema.definitions.DashboardLink;
  if (link !== undefined) link.required = ['title'];
  // Each data source has queries of its own: those of Prometheus have a schema of their own.
  if (schema.definitions.Dataquery !== undefined && name === 'dashboard') schema.definitions.Dataquery = {};
  return schema;
}

/** What does not fit, as `/panels/3 must NOT have additional properties (colour)`. */
function misfits(schema: string, value: unknown): string[] {
  const validate = ajv.getSchema(schema) as ValidateFunction | undefined;
  if (validate === undefined) throw new Error(`there is no schema ${schema}: run write-schema.ts`);
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message ?? ''} (${String(Object.values(params as object)[0] ?? '')})`,
  );
}

test('the schemas are of the SDK that generates the dashboards', () => {
  const entry = createRequire(import.meta.url).resolve('@grafana/grafana-foundation-sdk/dashboard');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(readFileSync(join(FOLDER, 'sdk-version.txt'), 'utf8').trim()).toBe(version);
});

test.each(BUILT.map((dashboard) => [dashboard.uid, dashboard] as const))(
  '%s is a dashboard by its schema',
  (_, dashboard) => {
    expect(misfits('dashboard', { ...dashboard, panels: [] })).toEqual([]);
    const rows = dashboard.panels.filter(({ type }) => type === 'row');
    expect(rows.flatMap((row) => misfits('dashboard#/definitions/RowPanel', row))).toEqual([]);
  },
);

describe.each(EVERY_PANEL)('%s', (_, panel) => {
  test('is a panel by the schema, with the options of its kind', () => {
    expect(misfits('dashboard#/definitions/Panel', panel)).toEqual([]);
    const module = PANEL_MODULES[panel.type];
    if (module === undefined) expect(panel.type).toMatch(/^falobs-\w+-panel$/);
    else expect(misfits(`${module}-options`, withoutSwitchedOff(panel.options))).toEqual([]);
  });

  test('has field options of its kind', () => {
    const schema = `${PANEL_MODULES[panel.type] ?? ''}-field`;
    if (!SCHEMAS.some(({ name }) => name === schema)) return;
    const custom = panel.fieldConfig?.defaults as { custom?: unknown } | undefined;
    expect(misfits(schema, custom?.custom ?? {})).toEqual([]);
  });
});

test.each(EVERY_TARGET)('%s is a query of Prometheus by its schema', (_, target) => {
  expect(misfits('query', target)).toEqual([]);
});

test.each([
  ['a misspelt key of a dashboard', 'dashboard', { ...BUILT[0], panels: [], titel: 'x' }],
  ['a misspelt option of a stat', 'stat-options', { ...BUILT[0], graphmode: 'none' }],
  ['a misspelt flag of a query', 'query', { ...EVERY_TARGET[0]?.[1], instantly: true }],
])('%s is found', (_, schema, value) => {
  expect(misfits(schema, value)).not.toEqual([]);
});

/** null switches the pager off; the type of the SDK has no word for that. */
function withoutSwitchedOff(options: Record<string, unknown> | undefined): unknown {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== null));
}

/**
 * The registries that Grafana's core fills at its start and that are not on npm: without them field overrides and
 * transformations are silently ignored.
 */
import {
  FieldType,
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';
import type {
  DataTransformerInfo,
  Field,
  FieldConfigPropertyItem,
  StandardEditorsRegistryItem,
  TransformerRegistryItem,
} from '@grafana/data';

/** Fills all three. Before the first panel plugin is loaded: a registry in use refuses. */
export function fillRegistries(version: string): void {
  standardEditorsRegistry.setInit(() => EDITORS.map(editor));
  standardFieldConfigEditorRegistry.setInit(() => standardFieldConfig());
  standardTransformersRegistry.setInit(() => transformers(version));
}

const EDITORS = [
  'number',
  'slider',
  'text',
  'strings',
  'boolean',
  'select',
  'unit',
  'thresholds',
  'color',
  'fieldColor',
  'links',
  'actions',
  'mappings',
  'stats-picker',
  'timezone',
  'field-name',
  'dashboard-uid',
  'multi-select',
  'radio',
  'cell-options',
] as const;

const NoEditor = (): null => null;

function editor(id: string): StandardEditorsRegistryItem {
  return { id, name: id, editor: NoEditor };
}

type Processor = FieldConfigPropertyItem['process'];

interface StandardOption {
  readonly process: unknown;
  readonly isFor?: (field: Field) => boolean;
  readonly settings?: object;
  readonly defaultValue?: unknown;
}

const OPTIONS: Readonly<Record<string, StandardOption>> = {
  displayName: { process: displayNameOverrideProcessor, settings: { expandTemplateVars: true } },
  unit: { process: stringOverrideProcessor },
  min: { process: numberOverrideProcessor, isFor: isNumber },
  max: { process: numberOverrideProcessor, isFor: isNumber },
  fieldMinMax: { process: booleanOverrideProcessor, isFor: isNumber },
  decimals: { process: numberOverrideProcessor, isFor: isNumber },
  noValue: { process: stringOverrideProcessor },
  links: { process: dataLinksOverrideProcessor },
  actions: { process: dataLinksOverrideProcessor },
  color: { process: identityOverrideProcessor },
  thresholds: {
    process: thresholdsOverrideProcessor,
    defaultValue: {
      mode: 'absolute',
      steps: [
        { value: -Infinity, color: 'green' },
        { value: 80, color: 'red' },
      ],
    },
  },
  mappings: { process: valueMappingsOverrideProcessor, defaultValue: [], isFor: isNoTime },
  filterable: { process: booleanOverrideProcessor },
};

function standardFieldConfig(): FieldConfigPropertyItem[] {
  return Object.entries(OPTIONS).map(([id, { process, isFor, settings, defaultValue }]) => ({
    id,
    path: id,
    name: id,
    editor: NoEditor,
    override: NoEditor,
    process: process as Processor,
    shouldApply: isFor ?? (() => true),
    ...(settings && { settings }),
    ...(defaultValue !== undefined && { defaultValue }),
  }));
}

function isNumber(field: Field): boolean {
  return field.type === FieldType.number;
}

function isNoTime(field: Field): boolean {
  return field.type !== FieldType.time;
}

/** Grafana 13 loads transformations when they are first used, so its registry holds functions. */
function transformers(version: string): TransformerRegistryItem[] {
  const isLazy = Number.parseInt(version, 10) >= 13;
  const byId = new Map<string, DataTransformerInfo>();
  for (const transformer of Object.values(standardTransformers)) byId.set(transformer.id, transformer);
  return [...byId.values()].map((info) => ({
    id: info.id,
    name: info.name,
    editor: NoEditor,
    imageDark: '',
    imageLight: '',
    transformation: (isLazy ? () => Promise.resolve(info) : info) as DataTransformerInfo,
  }));
}

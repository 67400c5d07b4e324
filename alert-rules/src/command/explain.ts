import { ALERTS } from '../catalogue.ts';
import type { AlertDefinition } from '../alert.ts';
import { forLimits, severityChoices } from '../overrides/limits.ts';
import { didYouMean } from '../overrides/nearest-name.ts';
import { expectedQuantity, writtenQuantity } from '../overrides/quantity.ts';
import { promDuration } from '../prom-duration.ts';
import type { Settings } from '../settings.ts';
import { chosen, describeAlerts, rulesOf } from './describe.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { settingsFrom, Unusable } from './overrides.ts';

export interface ExplainOptions {
  readonly overrides?: string | undefined;
}

/** Tells all about one alert: meaning, expressions, what may be set, where the runbook is. */
export function explain(name: string, { overrides }: ExplainOptions, io: CommandIo): ExitCode {
  const definition = ALERTS.find((each) => each.name === name);
  if (definition === undefined) {
    const hint =
      didYouMean(
        name,
        ALERTS.map((each) => each.name),
      ) ?? 'fal-alert-rules list shows all names';
    throw new Unusable(`there is no alert ${name}; ${hint}`);
  }
  const settings = settingsFrom(overrides, io);
  io.stdout(
    [...head(definition, settings), ...expressions(name, settings), ...keys(definition, settings)].join(
      '\n',
    ) + '\n',
  );
  return EXIT.ok;
}

function head({ name }: AlertDefinition, settings: Settings): string[] {
  const about = describeAlerts(settings).find((each) => each.name === name);
  if (about === undefined) return [];
  const facts = [
    ['scope', about.scope],
    ['severity', about.severity],
    ['for', about.for],
    ['in force', about.enabled ? 'yes' : `no: set alerts.${name}.enabled to true`],
    ['fed by', about.metrics.join(', ') || 'nothing: it always fires'],
    ['runbook', about.runbook],
  ];
  return [
    name,
    '',
    `  ${about.meaning}`,
    '',
    ...facts.map(([key = '', value = '']) => `  ${key.padEnd(9)} ${value}`),
  ];
}

function expressions(name: string, settings: Settings): string[] {
  return rulesOf(name, settings).flatMap(({ expr, labels }) => {
    const { severity, scope, ...own } = labels;
    const of = Object.entries(own).map(([label, value]) => `${label} ${value}`);
    const title = of.length === 0 ? 'Expression' : `Expression (${of.join(', ')})`;
    return [
      '',
      `${title}, severity ${severity ?? ''}, scope ${scope ?? ''}`,
      ...expr.split('\n').map((line) => `    ${line}`),
    ];
  });
}

function keys(definition: AlertDefinition, settings: Settings): string[] {
  const { enabled, severity, forSeconds, keepFiringForSeconds, values } = chosen(definition.name, settings);
  const limits = forLimits(definition, severity);
  const common = [
    ['enabled', String(enabled), 'true or false'],
    ['severity', severity, severityChoices(definition).join(', ')],
    ...(limits.hasOwn
      ? []
      : [
          [
            'for',
            promDuration(forSeconds),
            `from ${promDuration(limits.min)} to ${promDuration(limits.max)}`,
          ],
        ]),
    ['keep_firing_for', promDuration(keepFiringForSeconds ?? 0), 'bridges flapping'],
  ];
  const own = Object.entries(definition.parameters).map(([name, parameter]) => {
    const value = values[name];
    const now = value === undefined ? 'not set' : writtenQuantity(parameter.unit, value);
    return [name, now, `${parameter.about}; ${expectedQuantity(parameter)}`];
  });
  const rows = [...own, ...common];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    '',
    `What you may set under alerts.${definition.name} in fal-alerts.yml`,
    ...rows.map(
      ([name = '', now = '', about = '']) => `    ${name.padEnd(width)}  ${now.padEnd(8)}  ${about}`,
    ),
  ];
}

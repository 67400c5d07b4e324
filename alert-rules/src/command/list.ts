import { type AlertDescription, describeAlerts } from './describe.ts';
import { type CommandIo, EXIT, type ExitCode } from './io.ts';
import { settingsFrom } from './overrides.ts';

export interface ListOptions {
  readonly overrides?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Lists every alert with the numbers in force. */
export function list({ overrides, json = false }: ListOptions, io: CommandIo): ExitCode {
  const alerts = describeAlerts(settingsFrom(overrides, io));
  io.stdout(json ? `${JSON.stringify(alerts, null, 2)}\n` : table(alerts));
  return EXIT.ok;
}

function table(alerts: readonly AlertDescription[]): string {
  const header = ['ALERT', 'SEVERITY', 'FOR', 'FED BY'];
  const rows = alerts.map(({ name, severity, enabled, for: duration, metrics }) => [
    name,
    enabled ? severity : `${severity}, off`,
    duration,
    metrics.join(', '),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ');
  const body = alerts.map(({ meaning }, index) => `${line(rows[index] ?? [])}\n    ${meaning}\n`);
  return `${line(header)}\n${body.join('')}`;
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareOrWrite } from '../measured-table.ts';
import type { ExpectedPage, IncidentReport } from './incident.ts';
import { SPEED_UP } from './plant.ts';

export interface TableRow {
  readonly what: string;
  readonly page: ExpectedPage;
  /** From the fault to the phone at real durations, as the documents promise it. */
  readonly promise: string;
  readonly report: IncidentReport;
}

const FILE = 'alert-rules/README.md';
const HEAD = [
  `| fault | page | urgency | promised | paged after (time ÷ ${SPEED_UP}) | resolved after (time ÷ ${SPEED_UP}) |`,
  '| --- | --- | --- | --- | --- | --- |',
];

/**
 * Writes the table between `<!-- marker:begin -->` and `<!-- marker:end -->` when UPDATE_TABLES is 1. Otherwise
 * compares what does not depend on the machine: the committed table must tell the same faults, pages and promises;
 * its seconds are those of the run that wrote it.
 */
export async function incidentTable(marker: string, rows: readonly TableRow[]): Promise<void> {
  const markdown = [...HEAD, ...rows.map(rowOf)].join('\n');
  if (process.env.UPDATE_TABLES === '1') return compareOrWrite({ file: FILE, marker, markdown });
  const text = readFileSync(join(dirname(dirname(import.meta.dirname)), FILE), 'utf8');
  const committed = text.split(`<!-- ${marker}:begin -->`)[1]?.split(`<!-- ${marker}:end -->`)[0] ?? '';
  const seen = new Set(
    committed
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map(constantCells),
  );
  const missing = rows
    .map(rowOf)
    .map(constantCells)
    .filter((cells) => !seen.has(cells));
  if (missing.length > 0 || seen.size !== rows.length + HEAD.length) {
    throw new Error(
      `the table "${marker}" of ${FILE} does not tell the stories of this run, such as: ${missing[0] ?? 'fewer than committed'}. Run this test again with UPDATE_TABLES=1.`,
    );
  }
}

function rowOf({ what, page, promise, report }: TableRow): string {
  const seconds = [report.pagedAfterSeconds, report.resolvedAfterSeconds].map(
    (each) => `${each.toFixed(0)} s`,
  );
  const where = page.endpointId === undefined ? page.alertname : `${page.alertname} (model)`;
  return `| ${[what, where, page.urgency, promise, ...seconds].join(' | ')} |`;
}

function constantCells(row: string): string {
  return row
    .split('|')
    .slice(1, 5)
    .map((cell) => cell.trim())
    .join(' | ');
}

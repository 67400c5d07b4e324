import { escapeHelp, scrapedType } from './format.ts';
import type { ExpositionFormat } from './format.ts';

/**
 * Prometheus text format 0.0.4, which every scraper reads. A counter's TYPE line names it with `_total`.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const TEXT_0_0_4: ExpositionFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  familyHead: ({ name, definition }) =>
    `# HELP ${name} ${escapeHelp(definition.help)}\n# TYPE ${name} ${scrapedType(definition)}\n`,
  foreignHead: ({ name, help, isGauge }) =>
    `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${isGauge ? 'gauge' : 'untyped'}\n`,
  end: '',
};

import { unitWordIn } from '../metrics/naming.ts';
import { escapeHelp, scrapedType } from './format.ts';
import type { ExpositionFormat } from './format.ts';

/**
 * OpenMetrics 1.0.0. A counter's family has no `_total` (its sample has), a unit must end the family name, and
 * the body ends with `# EOF`, so that a body that was cut off is refused and not read as vanished series.
 * Source: https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export const OPENMETRICS_1_0_0: ExpositionFormat = openMetrics('1.0.0');

/** The same body under the draft's version number, which Prometheus servers ask for second. */
export const OPENMETRICS_0_0_1: ExpositionFormat = openMetrics('0.0.1');

function openMetrics(version: string): ExpositionFormat {
  return {
    contentType: `application/openmetrics-text; version=${version}; charset=utf-8`,
    familyHead: ({ name, definition }) => {
      const family = definition.type === 'counter' ? name.replace(/_total$/, '') : name;
      const unit = unitWordIn(family, definition.unit);
      const unitLine = unit === undefined ? '' : `# UNIT ${family} ${unit}\n`;
      return `# TYPE ${family} ${scrapedType(definition)}\n${unitLine}# HELP ${family} ${quotedHelp(definition.help)}\n`;
    },
    foreignHead: ({ name, help, isGauge }) =>
      `# TYPE ${name} ${isGauge ? 'gauge' : 'unknown'}\n# HELP ${name} ${quotedHelp(help)}\n`,
    end: '# EOF\n',
  };
}

/** HELP is an escaped string here, so a quote is escaped as well. */
function quotedHelp(help: string): string {
  return escapeHelp(help).replaceAll('"', '\\"');
}

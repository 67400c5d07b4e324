import { isPrometheus } from '../../grafana/prometheus-types.ts';
import { t } from '../../language/translate.ts';
import { failureWords } from '../../prometheus/failure-words.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';

/** Whether the data source is a Prometheus, and answers. */
export function dataSourceCheck({ dataSource, alive, serverVersion }: Facts): Check {
  const { name, type } = dataSource;
  const base = { id: 'data-source', title: t('set-up.data-source.title', 'Data source') };
  if (!isPrometheus(type)) {
    return {
      ...base,
      state: 'missing',
      words: t(
        'set-up.data-source.wrong-type',
        '{{name}} is a data source of the type {{type}}, not of Prometheus.',
        {
          name,
          type,
        },
      ),
      mend: { words: t('set-up.data-source.choose', 'Choose a Prometheus data source above.'), snippets: [] },
    };
  }
  if (alive.kind === 'failed') {
    const { kind } = alive.failure;
    const words = failureWords(alive.failure);
    return { ...base, state: kind === 'forbidden' || kind === 'timeout' ? 'unknown' : 'missing', words };
  }
  const words =
    serverVersion === undefined
      ? t('set-up.data-source.ok', '{{name}} answers like Prometheus; it does not tell its version.', {
          name,
        })
      : t('set-up.data-source.ok-version', '{{name}} answers: Prometheus {{version}}.', {
          name,
          version: serverVersion,
        });
  return { ...base, state: 'ok', words };
}

import { isPrometheus } from '../grafana/prometheus-types.ts';
import { t } from '../language/translate.ts';

/** Why the page has no Prometheus to ask, and what to do. */
export interface Obstacle {
  readonly title: string;
  readonly advice: string;
}

/** What stands in the way of asking the chosen data source; undefined where nothing does. */
export function obstacleOf(
  uid: string | undefined,
  source: { readonly name: string; readonly type: string } | undefined,
): Obstacle | undefined {
  if (uid === undefined) {
    return {
      title: t('status.choose.none', 'No Prometheus data source is chosen yet'),
      advice: t('status.choose.none-advice', 'Choose the one that has the metrics of fal.'),
    };
  }
  if (source === undefined) {
    return {
      title: t('status.choose.gone', 'The chosen data source is gone, or you may not see it'),
      advice: t('status.choose.gone-advice', 'Its uid was {{uid}}.', { uid }),
    };
  }
  if (isPrometheus(source.type)) return undefined;
  const { name, type } = source;
  return {
    title: t('status.choose.wrong-type', '{{name}} is no Prometheus data source', { name }),
    advice: t('status.choose.wrong-type-advice', 'It is of the type {{type}}.', { type }),
  };
}

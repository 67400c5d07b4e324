import { css } from '@emotion/css';
import { type GrafanaTheme2, type ThresholdsConfig, ThresholdsMode, getActiveThreshold } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { View } from './view.ts';

interface Props {
  readonly value: number;
  readonly view: View;
}

/** A square in the colour of the panel's threshold that a number has reached; nothing below the first one. */
export function ThresholdMark({ value, view: { config, theme, writing } }: Props): ReactElement | null {
  const styles = useStyles2(stylesOf);
  const active = reached(value, config.thresholds);
  if (active === undefined) return null;
  const tip = t('anatomy.threshold.reached', 'from {{threshold}} on', {
    threshold: writing.one(active.value),
  });
  return (
    <span
      role="img"
      aria-label={tip}
      title={tip}
      className={styles.mark}
      style={{ background: theme.visualization.getColorByName(active.color) }}
    />
  );
}

/** Percentages mean nothing here: seconds have no highest value. */
function reached(
  value: number,
  thresholds: ThresholdsConfig | undefined,
): ThresholdsConfig['steps'][number] | undefined {
  if (thresholds?.mode !== ThresholdsMode.Absolute || thresholds.steps.length < 2) return undefined;
  const active = getActiveThreshold(value, thresholds.steps);
  return active !== undefined && Number.isFinite(active.value) ? active : undefined;
}

function stylesOf(theme: GrafanaTheme2): Record<'mark', string> {
  return {
    mark: css({
      display: 'inline-block',
      width: 8,
      height: 8,
      marginRight: theme.spacing(0.5),
      borderRadius: theme.shape.radius.circle,
      verticalAlign: '1px',
    }),
  };
}

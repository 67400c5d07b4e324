import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { ReactElement } from 'react';
import { t } from '../../language/translate.ts';
import type { Segment } from '../anatomy/anatomy.ts';
import type { Estimate } from '../histogram/estimate.ts';
import { partLabel, partMeaning } from '../words/part-words.ts';
import type { Writing } from '../words/seconds-text.ts';
import type { Layout } from './layout.ts';
import { partLook } from './part-look.ts';

/** A range narrower than this share would be hidden by the rounding of the number. */
const WORTH_A_RANGE = 0.01;

interface EstimateProps {
  readonly estimate: Estimate;
  readonly writing: Writing;
  /** Nothing measured it: it is what is left. */
  readonly isInferred?: boolean;
  readonly isStrong?: boolean;
  /** Leaves the range to screen readers, where there is no room for it. */
  readonly hidesRange?: boolean;
}

/** A number and the range in which the truth lies. */
export function EstimateText({
  estimate,
  writing,
  isInferred = false,
  isStrong = false,
  hidesRange = false,
}: EstimateProps): ReactElement {
  const styles = useStyles2(stylesOf);
  const { value, low, high } = estimate;
  if (high === Infinity) {
    const isOpen = low === 0;
    return (
      <span className={styles.value}>
        {isOpen ? t('anatomy.number.unknown', 'unknown') : writing.range(low, high)}
      </span>
    );
  }
  return (
    <>
      <span className={cx(styles.value, isStrong && styles.strong)}>
        {isInferred && '≈ '}
        {writing.one(value)}
      </span>{' '}
      {high - low > WORTH_A_RANGE * high && (
        <span className={cx(styles.range, hidesRange && 'sr-only')}>({writing.range(low, high)})</span>
      )}
    </>
  );
}

interface PartProps {
  readonly segment: Segment;
  readonly writing: Writing;
  readonly layout: Layout;
}

/** The number of a part; with its name and colour where no column head has them. */
export function PartText({ segment: { name, estimate }, writing, layout }: PartProps): ReactElement {
  const styles = useStyles2(stylesOf);
  const text = (
    <EstimateText
      estimate={estimate}
      writing={writing}
      isInferred={name === 'rest'}
      hidesRange={layout === 'narrow'}
    />
  );
  const isNothing = estimate.high === 0;
  if (layout === 'wide') return <span className={cx(styles.part, isNothing && styles.nothing)}>{text}</span>;
  return (
    <span className={cx(styles.part, layout === 'narrow' && styles.spread)}>
      <span className={styles.name} title={partMeaning(name)}>
        <Swatch name={name} /> {partLabel(name)}
      </span>{' '}
      <span>{text}</span>
    </span>
  );
}

export function Swatch({ name }: { readonly name: Segment['name'] }): ReactElement {
  const styles = useStyles2(stylesOf);
  return <span aria-hidden className={styles.swatch} style={partLook(useTheme2(), name)} />;
}

type Name = 'value' | 'strong' | 'range' | 'part' | 'name' | 'spread' | 'nothing' | 'swatch';

function stylesOf(theme: GrafanaTheme2): Record<Name, string> {
  return {
    value: css({ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
    strong: css({ fontWeight: theme.typography.fontWeightMedium }),
    range: css({
      whiteSpace: 'nowrap',
      fontSize: theme.typography.bodySmall.fontSize,
      fontVariantNumeric: 'tabular-nums',
      color: theme.colors.text.secondary,
    }),
    part: css({ fontSize: theme.typography.bodySmall.fontSize }),
    name: css({ whiteSpace: 'nowrap' }),
    spread: css({ display: 'flex', justifyContent: 'space-between', columnGap: theme.spacing(0.5) }),
    nothing: css({ color: theme.colors.text.secondary }),
    swatch: css({ display: 'inline-block', width: 10, height: 10, verticalAlign: '-1px', flex: 'none' }),
  };
}

import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { type PointerEvent, type ReactElement, memo, useMemo } from 'react';
import { verdictColor } from '../../verdict/verdict-color.ts';
import { type BarPath, type BarSize, barAt, barPaths } from '../layout/bars.ts';
import type { Bucket } from '../timeline/buckets.ts';
import type { PatternIds } from './BarPatterns.tsx';

interface Props {
  readonly buckets: readonly Bucket[];
  readonly size: BarSize;
  readonly patterns: PatternIds;
  /** The bar that is pointed at, by mouse or keyboard. */
  readonly active: number | undefined;
  /** undefined: no bar is pointed at any more. */
  readonly onPoint: (index: number | undefined) => void;
}

/** The bars of a row: one element per look, not per bar. */
export const UptimeBars = memo(function UptimeBars(props: Props): ReactElement {
  const { buckets, size, patterns, active, onPoint } = props;
  const styles = useStyles2(stylesOf);
  const theme = useTheme2();
  const paths = useMemo(() => barPaths(buckets, size), [buckets, size]);
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    onPoint(barAt(event.clientX - left, size.pitch, buckets.length));
  };
  return (
    <svg
      className={styles.bars}
      width={buckets.length * size.pitch}
      height={size.height}
      data-bars=""
      aria-hidden="true"
      focusable="false"
      onPointerMove={point}
      onPointerLeave={() => onPoint(undefined)}
    >
      {paths.map((path) => (
        <Look key={path.verdict ?? ''} bars={path} patterns={patterns} color={colorOf(theme, path.verdict)} />
      ))}
      {active !== undefined && (
        <rect
          className={styles.active}
          x={active * size.pitch - 1}
          y={0.5}
          width={size.pitch + 1}
          height={size.height - 1}
        />
      )}
    </svg>
  );
});

interface LookProps {
  readonly bars: BarPath;
  readonly patterns: PatternIds;
  readonly color: string;
}

/** Bars that look alike: their colour, and over it the pattern of their shape. */
function Look({ bars: { shape, path }, patterns, color }: LookProps): ReactElement {
  if (shape === 'no-data')
    return <path d={path} fill={`url(#${patterns.hatch})`} stroke={color} data-shape={shape} />;
  return (
    <>
      <path d={path} fill={color} data-shape={shape} />
      {shape === 'yours' && <path d={path} fill={`url(#${patterns.stripes})`} />}
      {shape === 'unclear' && <path d={path} fill={`url(#${patterns.dots})`} />}
    </>
  );
}

function colorOf(theme: GrafanaTheme2, verdict: string | undefined): string {
  return verdict === undefined ? theme.colors.text.disabled : verdictColor(theme, verdict);
}

function stylesOf(theme: GrafanaTheme2): { bars: string; active: string } {
  return {
    bars: css({ display: 'block', overflow: 'visible' }),
    active: css({ fill: 'none', stroke: theme.colors.text.maxContrast, strokeWidth: 1.5 }),
  };
}

import { useStyles2 } from '@grafana/ui';
import { type ReactElement, useMemo } from 'react';
import type { Row } from '../rows/row.ts';
import type { Bucket } from '../timeline/buckets.ts';
import { rankOf } from '../timeline/verdict-rank.ts';
import { verdictWords } from '../words/verdict-words.ts';
import type { PatternIds } from './BarPatterns.tsx';
import { UptimeBars } from './UptimeBars.tsx';
import { summaryStyles } from './table-styles.ts';

const SWATCH = { pitch: 9, height: 14 };

/** What the bars mean: only those that occur, drawn as they are in the rows. */
export function Legend({ rows, patterns }: { rows: readonly Row[]; patterns: PatternIds }): ReactElement {
  const styles = useStyles2(summaryStyles);
  const verdicts = useMemo(() => verdictsIn(rows), [rows]);
  return (
    <ul className={styles.legend}>
      {verdicts.map((verdict) => (
        <li key={verdict ?? ''} className={styles.legendItem}>
          <Swatch verdict={verdict} patterns={patterns} />
          {verdictWords(verdict)}
        </li>
      ))}
    </ul>
  );
}

/** One bar, as it is drawn in the rows. */
export function Swatch({
  verdict,
  patterns,
}: {
  verdict: string | undefined;
  patterns: PatternIds;
}): ReactElement {
  const buckets = useMemo<readonly Bucket[]>(
    () => [{ from: 0, to: 1, parts: [], shown: verdict === undefined ? 'no-data' : { verdict } }],
    [verdict],
  );
  return (
    <UptimeBars buckets={buckets} size={SWATCH} patterns={patterns} active={undefined} onPoint={ignore} />
  );
}

function verdictsIn(rows: readonly Row[]): (string | undefined)[] {
  const all = new Set(rows.flatMap(({ segments }) => segments.map(({ verdict }) => verdict)));
  return [...all].sort((one, other) => rankOf(one) - rankOf(other));
}

function ignore(): void {
  // A swatch tells nothing more when it is pointed at.
}

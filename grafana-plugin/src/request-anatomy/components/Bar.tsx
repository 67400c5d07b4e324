import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import type { CSSProperties, ReactElement } from 'react';
import type { Row } from '../anatomy/anatomy.ts';
import type { Axis } from '../bars/axis.ts';
import { type Piece, type Stack, stackOf } from '../bars/stack.ts';
import { partLook } from './part-look.ts';

interface Props {
  readonly row: Row;
  readonly axis: Axis;
  /** Seconds. */
  readonly limit?: number | undefined;
}

/** A row as a stack: solid as far as it is certain, pale where it is inferred, and a whisker for the total. */
export function Bar({ row, axis, limit }: Props): ReactElement {
  const styles = useStyles2(stylesOf);
  const stack = stackOf(row, axis);
  return (
    <div className={styles.bar}>
      {axis.ticks.map((tick) => (
        <span key={tick} className={styles.grid} style={{ left: percent(axis.position(tick)) }} />
      ))}
      {stack.pieces.map((piece) => (
        <BarPiece key={piece.name} piece={piece} />
      ))}
      <Whisker stack={stack} />
      {limit !== undefined && limit <= axis.max && (
        <span className={styles.limit} style={{ left: percent(axis.position(limit)) }} />
      )}
    </div>
  );
}

function BarPiece({ piece: { name, from, to, sureTo } }: { readonly piece: Piece }): ReactElement {
  const styles = useStyles2(stylesOf);
  const look = partLook(useTheme2(), name);
  return (
    <>
      {sureTo > from && <span className={styles.piece} style={{ ...look, ...spanOf(from, sureTo) }} />}
      {to > sureTo && <span className={styles.pale} style={{ ...look, ...spanOf(sureTo, to) }} />}
    </>
  );
}

function Whisker({ stack: { total, isOpen } }: { readonly stack: Stack }): ReactElement {
  const styles = useStyles2(stylesOf);
  return (
    <>
      {total.high > total.low && (
        <span
          className={isOpen ? styles.openWhisker : styles.whisker}
          style={spanOf(total.low, total.high)}
        />
      )}
      <span className={styles.total} style={{ left: percent(total.value) }} />
    </>
  );
}

function spanOf(from: number, to: number): CSSProperties {
  return { left: percent(from), width: percent(to - from) };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}

type Name = 'bar' | 'grid' | 'piece' | 'pale' | 'whisker' | 'openWhisker' | 'total' | 'limit';

function stylesOf(theme: GrafanaTheme2): Record<Name, string> {
  const line = theme.colors.text.primary;
  const upright = { position: 'absolute', top: 0, bottom: 0, width: 0 } as const;
  const piece = { position: 'absolute', top: 2, height: 12, minWidth: 1, boxSizing: 'border-box' } as const;
  const whisker = {
    position: 'absolute',
    bottom: 1,
    height: 5,
    boxSizing: 'border-box',
    borderLeft: `1px solid ${line}`,
    background: `linear-gradient(${line}, ${line}) center / 100% 1px no-repeat`,
  } as const;
  return {
    bar: css({ position: 'relative', height: 22, overflow: 'hidden' }),
    grid: css({ ...upright, borderLeft: `1px solid ${theme.colors.border.weak}` }),
    piece: css(piece),
    pale: css({ ...piece, opacity: 0.35 }),
    whisker: css({ ...whisker, borderRight: `1px solid ${line}` }),
    openWhisker: css({ ...whisker, maskImage: 'linear-gradient(90deg, black 60%, transparent)' }),
    total: css({ ...upright, top: 0, bottom: 0, borderLeft: `2px solid ${line}`, marginLeft: -1 }),
    limit: css({ ...upright, borderLeft: `2px dashed ${theme.colors.error.text}`, marginLeft: -1 }),
  };
}

import { type FocusEvent, type KeyboardEvent, type RefObject, useCallback, useState } from 'react';
import { type Extent, type Stroke, moved } from './moves.ts';
import { followLink, rowAround, rowElement } from './table-dom.ts';
import { type Pointed, usePointed } from './use-pointed.ts';

export interface Walk {
  /** Key of the one row that the Tab key stops at. */
  readonly stop: string | undefined;
  readonly pointed: Pointed | undefined;
  readonly onPoint: (key: string, bucket: number | undefined) => void;
  readonly onLeave: () => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onBlur: (event: FocusEvent<HTMLElement>) => void;
}

interface Table extends Extent {
  readonly keys: readonly string[];
  /** Pixels between two bars. */
  readonly pitch: number;
}

/** Mouse and keyboard in a table whose rows have `data-row` = their key, and whose bars have `data-bars`. */
export function useWalk(grid: RefObject<HTMLElement | null>, table: Table): Walk {
  const [stop, setStop] = useState<string>();
  const { pointed, point, leave, clear } = usePointed(grid, table.pitch);
  const onPoint = useCallback<Walk['onPoint']>((key, bucket) => point(key, bucket, false), [point]);

  const go = (from: string, stroke: Stroke): boolean => {
    const bucket = pointed?.key === from ? pointed.bucket : undefined;
    const to = moved({ row: table.keys.indexOf(from), bucket }, stroke, table);
    const key = to && table.keys[to.row];
    if (key === undefined) return false;
    rowElement(grid.current, key)?.focus();
    point(key, to?.bucket, true);
    return true;
  };
  const onKeyDown: Walk['onKeyDown'] = (event) => {
    const row = rowAround(event.target);
    const from = row?.dataset.row;
    if (row === undefined || from === undefined) return;
    if (event.key === 'Enter' && event.target === row) {
      followLink(row);
    } else if (go(from, { key: event.key, isCtrl: event.ctrlKey || event.metaKey })) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const onFocus: Walk['onFocus'] = ({ target }) => {
    const key = rowAround(target)?.dataset.row;
    if (key === undefined) return;
    setStop(key);
    if (target.matches(':focus-visible') && pointed?.key !== key) point(key, undefined, true);
  };
  const onBlur: Walk['onBlur'] = ({ currentTarget, relatedTarget }) => {
    if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) clear();
  };
  return { stop, pointed, onPoint, onLeave: leave, onKeyDown, onFocus, onBlur };
}

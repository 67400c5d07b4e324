import { type RefObject, useCallback, useRef, useState } from 'react';
import { placeOf, rowElement } from './table-dom.ts';

/** What is pointed at, by mouse or by keyboard, and where in the window that is. */
export interface Pointed {
  readonly key: string;
  /** undefined: the whole row. */
  readonly bucket: number | undefined;
  /** Pixels from the corner of the window. */
  readonly x: number;
  readonly y: number;
  readonly isByKeyboard: boolean;
}

export interface Pointing {
  readonly pointed: Pointed | undefined;
  readonly point: (key: string, bucket: number | undefined, isByKeyboard: boolean) => void;
  /** The mouse is gone: what the keyboard points at stays. */
  readonly leave: () => void;
  readonly clear: () => void;
}

/** What is pointed at in a table whose bars are `pitch` pixels apart. */
export function usePointed(grid: RefObject<HTMLElement | null>, pitch: number): Pointing {
  const [pointed, setPointed] = useState<Pointed>();
  const latestPitch = useRef(pitch);
  latestPitch.current = pitch;
  const point = useCallback<Pointing['point']>(
    (key, bucket, isByKeyboard) => {
      const row = rowElement(grid.current, key);
      if (row === undefined) return;
      setPointed({ key, bucket, isByKeyboard, ...placeOf(row, bucket, latestPitch.current) });
    },
    [grid],
  );
  const leave = useCallback(() => setPointed((now) => (now?.isByKeyboard === true ? now : undefined)), []);
  const clear = useCallback(() => setPointed(undefined), []);
  return { pointed, point, leave, clear };
}

import { useCallback, useEffect, useState } from 'react';

interface Loaded<T> {
  /** What came last for the present question; undefined before the first answer. */
  readonly value: T | undefined;
  readonly isLoading: boolean;
  readonly again: () => void;
}

/**
 * What `load` gives, asked again when it changes, on demand and, with `everyMs`, by the clock. `load` must keep its
 * identity between renders and never reject. Answers to an older question are dropped.
 */
export function useLoaded<T>(load: () => Promise<T>, everyMs?: number): Loaded<T> {
  const [loaded, setLoaded] = useState<{ readonly by: () => Promise<T>; readonly value: T }>();
  const [isLoading, setIsLoading] = useState(true);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    let isCurrent = true;
    const run = async (): Promise<void> => {
      setIsLoading(true);
      const value = await load();
      if (!isCurrent) return;
      setLoaded({ by: load, value });
      setIsLoading(false);
    };
    void run();
    const timer = everyMs === undefined ? undefined : setInterval(() => void run(), everyMs);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [load, everyMs, round]);
  return { value: loaded?.by === load ? loaded.value : undefined, isLoading, again };
}

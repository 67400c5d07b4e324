import { useCallback, useEffect, useState } from 'react';
import { type AppSettings, fetchSettings, readSettings, saveSettings } from '../grafana/settings.ts';

interface Settings {
  readonly settings: AppSettings;
  /** Rejects where Grafana refuses it. */
  readonly save: (settings: AppSettings) => Promise<void>;
}

/**
 * The app's settings. Grafana hands out those that it read when the page was first opened, so what was saved since is
 * asked for; where that fails, the ones at hand stay.
 */
export function useSettings(jsonData: unknown): Settings {
  const [settings, setSettings] = useState(() => readSettings(jsonData));
  useEffect(() => {
    let isCurrent = true;
    fetchSettings().then(
      (fresh) => isCurrent && setSettings(fresh),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, []);
  const save = useCallback(async (next: AppSettings) => {
    await saveSettings(next);
    setSettings(next);
  }, []);
  return { settings, save };
}

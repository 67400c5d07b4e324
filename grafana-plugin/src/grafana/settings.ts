import { getBackendSrv } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';
import { APP_ID } from '../plugin-id.ts';
import { asRecord } from '../prometheus/failure.ts';

/** What the app keeps in Grafana, as `jsonData` of its settings. */
export interface AppSettings {
  /** Uid of the Prometheus data source that has the metrics; undefined until an administrator chooses one. */
  readonly dataSourceUid?: string;
}

const PATH = `/api/plugins/${APP_ID}/settings`;

/** The settings in `jsonData`, whatever is in there. */
export function readSettings(jsonData: unknown): AppSettings {
  const { dataSourceUid } = asRecord(jsonData);
  return typeof dataSourceUid === 'string' && dataSourceUid !== '' ? { dataSourceUid } : {};
}

/** The settings as Grafana has them now: those that it gave to the page may be older. Rejects where it cannot tell. */
export async function fetchSettings(): Promise<AppSettings> {
  const { data } = await firstValueFrom(
    getBackendSrv().fetch({ url: PATH, method: 'GET', showErrorAlert: false, hideFromInspector: true }),
  );
  return readSettings(asRecord(data).jsonData);
}

/** Keeps the settings for everybody in the organisation; Grafana refuses it to all but administrators. */
export async function saveSettings(settings: AppSettings): Promise<void> {
  await firstValueFrom(
    getBackendSrv().fetch({
      url: PATH,
      method: 'POST',
      data: { enabled: true, pinned: true, jsonData: settings },
      showErrorAlert: false,
      showSuccessAlert: false,
    }),
  );
}

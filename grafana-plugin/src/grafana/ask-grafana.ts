import { getBackendSrv } from '@grafana/runtime';
import { firstValueFrom } from 'rxjs';
import type { Ask } from '../prometheus/ask.ts';
import { failureOf } from '../prometheus/failure.ts';

/** Longer than any of our questions takes on a healthy server, shorter than anybody waits for a page. */
const TIMEOUT_MS = 20_000;

/** Asks a data source through Grafana, with the rights of the user; `path` as the server behind it knows it. */
export function askDataSource(uid: string): Ask {
  return askUnder(`/api/datasources/uid/${encodeURIComponent(uid)}/resources/`);
}

/** Asks Grafana for its own alert rules, which it lists in the form of Prometheus. */
export const askGrafanaRules: Ask = askUnder('/api/prometheus/grafana/');

function askUnder(base: string): Ask {
  return async (path, parameters = {}) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const response = await firstValueFrom(
        getBackendSrv().fetch({
          url: `${base}${path}`,
          method: 'GET',
          params: parameters,
          // We say ourselves what went wrong, beside what it is about.
          showErrorAlert: false,
          showSuccessAlert: false,
          hideFromInspector: true,
          abortSignal: timeout,
        }),
      );
      return { kind: 'answered', value: response.data };
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error, timeout.aborted) };
    }
  };
}

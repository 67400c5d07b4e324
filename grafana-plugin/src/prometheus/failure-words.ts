import { t } from '../language/translate.ts';
import type { Failure } from './failure.ts';

/** Why there is no answer, and what to do about it, in one or two sentences. */
export function failureWords({ kind, detail }: Failure): string {
  const said = detail === '' ? '' : ` ${t('failure.said', 'The answer was: {{detail}}', { detail })}`;
  switch (kind) {
    case 'forbidden':
      return t(
        'failure.forbidden',
        'You may not ask this: ask an administrator of Grafana for the permission to query this data source.',
      );
    case 'not_found':
      return `${t('failure.not-found', 'There is no such data source, or what it leads to does not know the question.')}${said}`;
    case 'timeout':
      return t(
        'failure.timeout',
        'No answer in time. Try again; if it stays so, the server behind the data source is overloaded or not there.',
      );
    case 'unreachable':
      return `${t('failure.unreachable', 'Grafana does not reach the server behind the data source. Check its URL under Connections, and that it runs.')}${said}`;
    case 'refused':
      return `${t('failure.refused', 'The server did not accept the question.')}${said}`;
    case 'broken':
      return `${t('failure.broken', 'The server failed to answer.')}${said}`;
    case 'not_prometheus':
      return t(
        'failure.not-prometheus',
        'An answer came, but not one of Prometheus. Check the URL of the data source: it must lead to a server with the API of Prometheus.',
      );
  }
}

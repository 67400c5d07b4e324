import { assess } from '../status/assess.ts';
import { healthReport } from '../status/health-report.ts';
import { pagePolicy, renderStatusPage } from '../status/page/page.ts';
import type { StatusView } from '../status/view.ts';
import type { Clock } from '../domain/clock.ts';
import type { RunbookShelf } from '../runbooks/shelf.ts';
import { type Reply, jsonReply, textReply } from './reply.ts';
import type { Route, RoutedRequest } from './route.ts';
import { runbookRoute } from './runbook-route.ts';
import { type RenderMetrics, ScrapeRoute } from './scrape.ts';

export interface RouteOptions {
  readonly clock: Clock;
  readonly renderMetrics: RenderMetrics;
  readonly status: () => StatusView;
  readonly runbooks: RunbookShelf;
  /** Ready once configuration, state and probes stand; until then what is still missing. */
  readonly readiness: () => { readonly ready: true } | { readonly ready: false; readonly reason: string };
}

/** Every path that is served, a folder with what is directly in it; the text of a 404 lists them. */
export function createRoutes({
  clock,
  renderMetrics,
  status,
  readiness,
  runbooks,
}: RouteOptions): ReadonlyMap<string, Route> {
  const scrapes = new ScrapeRoute(renderMetrics, clock);
  const policy = pagePolicy();
  return new Map<string, Route>([
    [
      '/',
      (_, query) => ({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
        body: renderStatusPage(status(), { refresh: query.get('refresh') !== 'off' }),
      }),
    ],
    [
      '/metrics',
      ({ headers }) =>
        scrapes.answer(
          { accept: text(headers.accept), acceptEncoding: text(headers['accept-encoding']) },
          text(headers['x-prometheus-scrape-timeout-seconds']),
        ),
    ],
    ['/-/healthy', () => textReply(200, 'fal-exporter is running.')],
    [
      '/-/ready',
      () => {
        const state = readiness();
        return state.ready
          ? textReply(200, 'fal-exporter is ready.')
          : textReply(503, `Not ready: ${state.reason}`);
      },
    ],
    [
      '/health/fal',
      (_, query) => {
        const report = healthReport(assess(status()), query.get('endpoint_id') ?? undefined);
        return jsonReply(report.httpStatus, report.body);
      },
    ],
    [RUNBOOKS, runbookRoute(runbooks, RUNBOOKS)],
  ]);
}

const RUNBOOKS = '/runbooks/';

/**
 * Finds the route of a target. The path must match exactly, or stand directly in a folder that is served; a full
 * URL, as proxies send it, is fine.
 */
export async function answer(routes: ReadonlyMap<string, Route>, request: RoutedRequest): Promise<Reply> {
  const target = request.target.replace(/^https?:\/\/[^/?#]*/i, '');
  const [path = '', ...rest] = target.split('?');
  const route = routes.get(path === '' ? '/' : path) ?? folderRoute(routes, path);
  if (route === undefined) {
    return textReply(404, `Nothing here. What there is:\n${[...routes.keys()].join('\n')}`);
  }
  return route({ ...request, target }, new URLSearchParams(rest.join('?')));
}

function folderRoute(routes: ReadonlyMap<string, Route>, path: string): Route | undefined {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return folder === '/' ? undefined : routes.get(folder);
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

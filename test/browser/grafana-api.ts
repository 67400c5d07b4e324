import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DataSourceSettings } from '../../grafana-plugin/harness/host/request.ts';
import type { AppSettings, HostSite } from './host-site.ts';

interface ApiCall {
  /** Path after `/api/`. */
  readonly path: string;
  readonly search: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const PROXY = /^datasources\/(?:uid\/(?<uid>[^/]+)\/resources|proxy\/uid\/(?<proxied>[^/]+))\/(?<path>.+)$/;
const SETTINGS = /^plugins\/(?<id>[^/]+)\/settings$/;
const ONE_DATA_SOURCE = /^datasources\/uid\/(?<uid>[^/]+)(?<health>\/health)?$/;

/** The part of Grafana's HTTP API that plugins and dashboards use. Everything else is not there, which a test sees. */
export async function answerApi(site: HostSite, call: ApiCall): Promise<void> {
  const { path, response } = call;
  const proxied = PROXY.exec(path)?.groups;
  if (proxied !== undefined) {
    return proxy(site, { ...call, uid: proxied.uid ?? proxied.proxied ?? '', path: proxied.path ?? '' });
  }
  const settings = SETTINGS.exec(path)?.groups;
  if (settings !== undefined) return answerSettings(site, settings.id ?? '', call);
  const answer = readOnlyAnswer(site, path);
  if (answer === undefined) return json(response, 404, { message: `the harness has no API ${path}` });
  return json(response, answer.status, answer.body);
}

const NO_RULES = { status: 'success', data: { groups: [] } };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function readOnlyAnswer({ request }: HostSite, path: string): Answer | undefined {
  const { dataSources, version, plugins } = request;
  if (path === 'datasources') return { status: 200, body: dataSources.map(listed) };
  if (path === 'frontend/settings') return { status: 200, body: { buildInfo: { version }, datasources: {} } };
  if (path === 'health') return { status: 200, body: { database: 'ok', version, commit: '' } };
  if (path === 'plugins')
    return { status: 200, body: plugins.map(({ id, name, type }) => ({ id, name, type })) };
  if (path === 'user/preferences' || path === 'org/preferences') return { status: 200, body: {} };
  // Grafana's own alert rules, in the form of Prometheus: there are none.
  if (path === 'prometheus/grafana/api/v1/rules') return { status: 200, body: NO_RULES };
  const one = ONE_DATA_SOURCE.exec(path)?.groups;
  const found = dataSources.findIndex(({ uid }) => uid === one?.uid);
  const dataSource = dataSources[found];
  if (one === undefined) return undefined;
  if (dataSource === undefined) return { status: 404, body: { message: 'Data source not found' } };
  return one.health === undefined
    ? { status: 200, body: listed(dataSource, found) }
    : { status: 200, body: { status: 'OK', message: '' } };
}

function listed(
  { uid, name, type, isDefault = false, jsonData = {} }: DataSourceSettings,
  index: number,
): object {
  return { id: index + 1, uid, name, type, typeName: type, isDefault, jsonData, access: 'proxy', url: '' };
}

/** GET gives the app's settings, POST stores others, as the set-up page of an app does. */
async function answerSettings(site: HostSite, id: string, { request, response }: ApiCall): Promise<void> {
  const plugin = site.request.plugins.find((each) => each.id === id);
  if (plugin === undefined)
    return json(response, 404, { message: 'Plugin not found, no installed plugin with that id' });
  if (request.method === 'POST') {
    site.state.appSettings = {
      ...site.state.appSettings,
      ...(JSON.parse(await bodyOf(request)) as AppSettings),
    };
    return json(response, 200, { message: 'Plugin settings updated' });
  }
  return json(response, 200, {
    ...plugin.json,
    ...site.state.appSettings,
    module: `${plugin.baseUrl}/module.js`,
    baseUrl: plugin.baseUrl,
  });
}

/** To the data source's own server, as Grafana does it for the browser; its answer comes back as it is. */
async function proxy({ state }: HostSite, call: ApiCall & { readonly uid: string }): Promise<void> {
  const { uid, path, search, request, response } = call;
  if (!state.upstreams.has(uid)) return json(response, 404, { message: 'Data source not found' });
  const upstream = state.upstreams.get(uid);
  // What Grafana says when it cannot reach a data source.
  const isDown = { message: 'Bad Gateway' };
  if (upstream === undefined) return json(response, 502, isDown);
  const { method = 'GET' } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  let answer: Response;
  try {
    answer = await fetch(`${upstream}/${path}${search}`, {
      method,
      ...(hasBody && {
        body: await bodyOf(request),
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
      }),
    });
  } catch {
    return json(response, 502, isDown);
  }
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
  });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

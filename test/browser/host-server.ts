import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { HostBundle } from '../../grafana-plugin/harness/bundle/host-bundle.ts';
import { answerApi } from './grafana-api.ts';
import { hostHtml } from './host-html.ts';
import type { HostSite } from './host-site.ts';

export interface HostServer {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Sub path for the next site, such as `/p3`. */
  nextSubPath(): string;
  /** Serves a site under the sub path of its request. */
  add(site: HostSite): void;
  stop(): Promise<void>;
}

const ROOT_PACKAGES = join(import.meta.dirname, '../../grafana-plugin/node_modules');

/** Files of `@fontsource/inter` for the names that Grafana's style sheet asks for. */
const FONTS: Readonly<Record<string, string>> = {
  'inter/Inter-Regular.woff2': '@fontsource/inter/files/inter-latin-400-normal.woff2',
  'inter/Inter-Medium.woff2': '@fontsource/inter/files/inter-latin-500-normal.woff2',
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves host pages on a free loopback port, with the files, icons and API that a Grafana would serve. */
export async function startHostServer(): Promise<HostServer> {
  const sites = new Map<string, HostSite>();
  const bundles = new Map<string, HostBundle>();
  let count = 0;
  const server = createServer((request, response) => {
    route({ sites, bundles }, request, response).catch((error: unknown) => {
      send(response, { status: 500, type: '.json', body: JSON.stringify({ message: String(error) }) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    nextSubPath: () => `/p${(count += 1)}`,
    add: (site) => {
      sites.set(site.request.subPath, site);
      bundles.set(bundleName(site.bundle), site.bundle);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served {
  readonly sites: ReadonlyMap<string, HostSite>;
  readonly bundles: ReadonlyMap<string, HostBundle>;
}

async function route(
  { sites, bundles }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://host');
  const [, first = '', ...rest] = decodeURIComponent(pathname).split('/');
  if (first === 'harness') return sendBundleFile(bundles, rest, response);
  const site = sites.get(`/${first}`);
  if (site === undefined) return notFound(response, pathname);
  const [area = '', ...path] = rest;
  if (area === 'api') return answerApi(site, { path: path.join('/'), search, request, response });
  if (area === 'public') return sendPublicFile(site, path, response);
  return send(response, {
    status: 200,
    type: '.html',
    body: hostHtml(site, `/harness/${bundleName(site.bundle)}`),
  });
}

function bundleName({ grafana, hash }: HostBundle): string {
  return `${grafana}-${hash}`;
}

/** The name holds a hash of the content, so the browser may keep the file, and its compiled code, for ever. */
async function sendBundleFile(
  bundles: Served['bundles'],
  [name = '', ...path]: readonly string[],
  response: ServerResponse,
): Promise<void> {
  const bundle = bundles.get(name);
  if (bundle === undefined) return notFound(response, name);
  response.setHeader('cache-control', 'public, max-age=31536000, immutable');
  return sendFile(response, bundle.folder, path.join('/'));
}

function sendPublicFile(
  { bundle, plugins }: HostSite,
  [area = '', ...path]: readonly string[],
  response: ServerResponse,
): Promise<void> {
  if (area === 'plugins') {
    const [id = '', ...file] = path;
    const folder = plugins.folderOf(id);
    return folder === undefined ? notFound(response, id) : sendFile(response, folder, file.join('/'));
  }
  if (area === 'fonts') {
    const font = FONTS[path.join('/')];
    return font === undefined ? notFound(response, path.join('/')) : sendFile(response, ROOT_PACKAGES, font);
  }
  // Icons: /public/build/img/icons/… in Grafana, public/img/icons/… in the package.
  const icon = area === 'build' ? path : [area, ...path];
  return sendFile(response, join(bundle.nodeModules, '@grafana/ui/dist/public'), icon.join('/'));
}

async function sendFile(response: ServerResponse, folder: string, name: string): Promise<void> {
  const path = normalize(join(folder, name));
  if (!path.startsWith(`${normalize(folder)}/`)) return notFound(response, name);
  try {
    send(response, { status: 200, type: extname(path), body: await readFile(path) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return notFound(response, name);
  }
}

function notFound(response: ServerResponse, what: string): Promise<void> {
  send(response, { status: 404, type: '.json', body: JSON.stringify({ message: `not found: ${what}` }) });
  return Promise.resolve();
}

interface Reply {
  readonly status: number;
  /** File name extension. */
  readonly type: string;
  readonly body: string | Buffer;
}

function send(response: ServerResponse, { status, type, body }: Reply): void {
  if (!response.headersSent) {
    response.writeHead(status, { 'content-type': TYPES[type] ?? 'application/octet-stream' });
  }
  response.end(body);
}

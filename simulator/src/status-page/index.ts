import type { Engine } from '../engine.ts';
import { type HostHandler, type HttpReply, json } from '../reply.ts';
import { type PageState, pageStateOf } from './page-state.ts';
import { brokenPage, componentsOf, feedOf, htmlOf, summaryOf } from './page-views.ts';

/**
 * `status.fal.ai`: `/summary.json` and `/v2/components.json` in the shape of Instatus, the RSS feed at `/feed/` and a
 * page for people. What it shows is published by hand (control API) or by a scenario, and knows nothing of how the
 * models really are: the same is true of every status page.
 */
export function createStatusPage(engine: Engine): HostHandler {
  const state = pageStateOf(engine);
  return (request) => {
    if (state.isHtmlError) return text(502, 'text/html; charset=utf-8', brokenPage());
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(405, 'text/plain; charset=utf-8', 'Method Not Allowed');
    }
    return view(state, request.path.replace(/(?<=.)\/$/, ''));
  };
}

function view(state: PageState, path: string): HttpReply {
  switch (path) {
    case '/summary.json':
      return json(200, summaryOf(state));
    case '/v2/components.json':
      return json(200, componentsOf(state));
    case '/feed':
      return text(200, 'application/rss+xml; charset=utf-8', feedOf(state));
    case '/':
      return text(200, 'text/html; charset=utf-8', htmlOf(state));
    default:
      return text(404, 'text/html; charset=utf-8', '<!doctype html><title>Not found</title>');
  }
}

function text(status: number, contentType: string, body: string): HttpReply {
  return { kind: 'http', status, headers: { 'content-type': contentType }, body };
}

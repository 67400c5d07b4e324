import type { Engine } from '../engine.ts';
import { type HostHandler, type HttpReply, json } from '../reply.ts';
import type { Simulator } from '../simulator.ts';
import { changeAccount, listAccounts, showAccount } from './accounts.ts';
import type { ControlCall } from './call.ts';
import { changeEndpoint, listEndpoints, showEndpoint } from './endpoints.ts';
import { clearFailures, orderFailure } from './faults.ts';
import { listKeys, revokeKey } from './keys.ts';
import { listConnections, listExchanges, listJobs, listTopUps } from './ledger.ts';
import { changePlatform, showPlatform } from './platform.ts';
import { ControlRefusal, refusalReply } from './refusal.ts';
import { listScenarios, switchScenario } from './scenarios.ts';
import { changeStatusPage, showStatusPage } from './status-page.ts';
import { rotateWebhookKey } from './webhooks.ts';

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Braces take any text, slashes too: endpoint ids have some. */
  readonly path: string;
  readonly answer: (call: ControlCall) => unknown;
}

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    answer: () => ({ operations: ROUTES.map(({ method, path }) => `${method} ${path}`) }),
  },
  { method: 'GET', path: '/scenarios', answer: listScenarios },
  { method: 'POST', path: '/scenarios/{name}', answer: switchScenario },
  { method: 'POST', path: '/failures', answer: orderFailure },
  { method: 'DELETE', path: '/failures', answer: clearFailures },
  { method: 'GET', path: '/ledger/jobs', answer: listJobs },
  { method: 'GET', path: '/ledger/exchanges', answer: listExchanges },
  { method: 'GET', path: '/ledger/connections', answer: listConnections },
  { method: 'GET', path: '/ledger/top-ups', answer: listTopUps },
  { method: 'GET', path: '/accounts', answer: listAccounts },
  { method: 'GET', path: '/accounts/{name}', answer: showAccount },
  { method: 'PATCH', path: '/accounts/{name}', answer: changeAccount },
  { method: 'GET', path: '/endpoints', answer: listEndpoints },
  { method: 'GET', path: '/endpoints/{id}', answer: showEndpoint },
  { method: 'PATCH', path: '/endpoints/{id}', answer: changeEndpoint },
  { method: 'GET', path: '/keys', answer: listKeys },
  { method: 'POST', path: '/keys/{id}/revoke', answer: revokeKey },
  { method: 'GET', path: '/platform', answer: showPlatform },
  { method: 'PATCH', path: '/platform', answer: changePlatform },
  { method: 'GET', path: '/status-page', answer: showStatusPage },
  { method: 'PATCH', path: '/status-page', answer: changeStatusPage },
  { method: 'POST', path: '/webhook-key/rotate', answer: rotateWebhookKey },
];

/**
 * The simulator's own API: JSON in and out, no key. It exists on the simulator's own port only, and refuses calls
 * that a web page makes, so that no site in somebody's browser can steer it.
 */
export function createControlApi(simulator: Simulator, engine: Engine): HostHandler {
  return (request) => {
    if (request.reachedThrough === undefined)
      return json(404, { error: 'only on the port of the simulator' });
    if (request.headers.has('origin')) return json(403, { error: 'not for calls of web pages' });
    try {
      return answer({ simulator, engine, request, name: '' });
    } catch (error) {
      if (error instanceof ControlRefusal) return refusalReply(error);
      throw error;
    }
  };
}

function answer(call: ControlCall): HttpReply {
  const path = call.request.path.replace(/(?<=.)\/$/, '');
  const matches = ROUTES.flatMap((route) => {
    const name = nameIn(route.path, path);
    return name === undefined ? [] : [{ route, name }];
  });
  const found = matches.find(({ route }) => route.method === call.request.method);
  if (found !== undefined) return json(200, found.route.answer({ ...call, name: found.name }));
  if (matches.length === 0)
    throw new ControlRefusal(404, `no such path: ${path}; GET / lists all operations`);
  const methods = matches.map(({ route }) => route.method);
  throw new ControlRefusal(405, `${path}: expected ${methods.join(' or ')}, got ${call.request.method}`);
}

/** What the braces of a pattern stand for in a path; an empty text when it has none and is equal. */
function nameIn(pattern: string, path: string): string | undefined {
  const [before = '', after] = pattern.split(/\{\w+\}/);
  if (after === undefined) return pattern === path ? '' : undefined;
  const isLike =
    path.startsWith(before) && path.endsWith(after) && path.length > before.length + after.length;
  return isLike ? decoded(path.slice(before.length, path.length - after.length)) : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { EMPTY, from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * Calls to Grafana's HTTP API over the browser's fetch. A leading slash means the root of this Grafana, sub path
 * included, as it does in Grafana.
 */
export function backendOver(subPath: string): BackendSrv {
  const fetchOne = <T>(options: BackendSrvRequest): Observable<FetchResponse<T>> =>
    from(answered<T>(subPath, options));
  const request = async <T>(options: BackendSrvRequest): Promise<T> =>
    (await lastValueFrom(fetchOne<T>(options))).data;
  const sending =
    (method: string): BackendSrv['post'] =>
    (url, data, options) =>
      request({ ...options, url, method, data });
  return {
    get: (url, params, requestId, options) =>
      request({
        ...options,
        url,
        method: 'GET',
        params: params as Record<string, unknown>,
        ...(requestId !== undefined && { requestId }),
      }),
    delete: sending('DELETE'),
    post: sending('POST'),
    patch: sending('PATCH'),
    put: sending('PUT'),
    request,
    datasourceRequest: (options) => lastValueFrom(fetchOne(options)),
    fetch: fetchOne,
    chunked: () => EMPTY,
  };
}

let pending = 0;

/** Calls that have no answer yet. */
export function pendingCalls(): number {
  return pending;
}

async function answered<T>(subPath: string, config: BackendSrvRequest): Promise<FetchResponse<T>> {
  pending += 1;
  try {
    return await fetched<T>(subPath, config);
  } finally {
    pending -= 1;
  }
}

async function fetched<T>(subPath: string, config: BackendSrvRequest): Promise<FetchResponse<T>> {
  const response = await fetch(addressOf(subPath, config), {
    method: config.method ?? 'GET',
    headers: headersOf(config),
    ...(config.data !== undefined && { body: bodyOf(config) }),
    ...(config.abortSignal && { signal: config.abortSignal }),
  });
  const data = dataOf(await response.text(), config);
  const { status, statusText, ok } = response;
  if (!ok) {
    const error: FetchError = { status, statusText, data: data as object, config };
    throw error as unknown as Error;
  }
  const { headers, redirected, type, url } = response;
  return { data: data as T, status, statusText, ok, headers, redirected, type, url, config };
}

function addressOf(subPath: string, { url, params }: BackendSrvRequest): string {
  const isAbsolute = /^https?:\/\//.test(url);
  const address = isAbsolute ? url : `${subPath}/${url.replace(/^\//, '')}`;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) search.append(name, String(each));
    }
  }
  const query = search.toString();
  return query === '' ? address : `${address}${address.includes('?') ? '&' : '?'}${query}`;
}

function headersOf({ headers, data }: BackendSrvRequest): Record<string, string> {
  const isForm = typeof data === 'string' || data instanceof URLSearchParams || data === undefined;
  return { ...(!isForm && { 'content-type': 'application/json' }), ...(headers as Record<string, string>) };
}

function bodyOf({ data }: BackendSrvRequest): BodyInit {
  const isReady = typeof data === 'string' || data instanceof URLSearchParams;
  return isReady ? data : JSON.stringify(data);
}

function dataOf(text: string, { responseType }: BackendSrvRequest): unknown {
  if (responseType === 'text') return text;
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return { message: text };
  }
}

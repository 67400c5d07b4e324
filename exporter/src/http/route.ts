import type { Reply } from './reply.ts';

/** A request as the routes see it. */
export interface RoutedRequest {
  /** Target of the request line: path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type Route = (request: RoutedRequest, query: URLSearchParams) => Reply | Promise<Reply>;

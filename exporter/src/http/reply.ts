import { messageOf } from '../domain/message-of.ts';

/** What a route answers; the server adds what all answers share and sends it. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Uint8Array | string;
}

export function textReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${text}\n` };
}

/** Without keys that are undefined, and easy to read in a terminal. */
export function jsonReply(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}

/** The reason of a failure in one line: never a stack, never a novel. */
export function oneLine(error: unknown): string {
  const text = messageOf(error);
  return (text.split(/[\r\n]/)[0] ?? '').slice(0, 200);
}

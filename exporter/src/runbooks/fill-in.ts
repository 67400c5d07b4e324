/** What a reader has told of the alert at hand, so that queries can be pasted as they stand. */
export interface AlertAtHand {
  readonly endpointId?: string | undefined;
  readonly account?: string | undefined;
}

// The forms that the configuration accepts. A value that gets into a query must not be able to end its string.
const ENDPOINT_ID = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)+$/;
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const LONGEST_ENDPOINT_ID = 128;

/** From the query of an address; what is no endpoint id or no account name is left out. */
export function alertAtHand(query: URLSearchParams): AlertAtHand {
  const endpointId = query.get('endpoint_id') ?? '';
  const account = query.get('account') ?? '';
  return {
    endpointId:
      endpointId.length <= LONGEST_ENDPOINT_ID && ENDPOINT_ID.test(endpointId) ? endpointId : undefined,
    account: ACCOUNT.test(account) ? account : undefined,
  };
}

const PLACEHOLDERS = /\b(?:ENDPOINT_ID|OWNER\/APP|ACCOUNT)\b/g;

export function isPlaceholder(code: string): boolean {
  return code.replaceAll(PLACEHOLDERS, '') === '';
}

/** Puts it into a piece of code in place of `ENDPOINT_ID`, `OWNER/APP` and `ACCOUNT`. */
export function fillIn(code: string, { endpointId, account }: AlertAtHand): string {
  const values: Readonly<Record<string, string | undefined>> = {
    ENDPOINT_ID: endpointId,
    'OWNER/APP': endpointId === undefined ? undefined : appOf(endpointId),
    ACCOUNT: account,
  };
  return code.replaceAll(PLACEHOLDERS, (name) => values[name] ?? name);
}

/**
 * The part of an endpoint id that addresses of running requests have: owner and app, after a namespace if there
 * is one. Source: https://fal.ai/docs/documentation/model-apis/inference/queue
 */
function appOf(endpointId: string): string {
  const parts = endpointId.split('/');
  const hasNamespace = parts[0] === 'workflows' || parts[0] === 'comfy';
  return parts.slice(0, hasNamespace ? 3 : 2).join('/');
}

/**
 * What PagerDuty's Events API v2 takes and what it refuses. Fields, lengths and lists:
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and
 * https://developer.pagerduty.com/docs/events-api-v2/overview/ ; the form of links and images:
 * https://github.com/PagerDuty/api-schema (reference/events-v2/openapiv3.json). The wording of a refusal is
 * PagerDuty's own where users have quoted it, spelling included (prometheus/alertmanager issue 3902,
 * dagster-io/dagster issue 19567); the rest follows its pattern.
 */
import { imageProblems, isBlank, isUrl, linkProblems, type Link } from './attachments.ts';

export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const EVENT_ACTIONS = ['trigger', 'acknowledge', 'resolve'] as const;
export type EventAction = (typeof EVENT_ACTIONS)[number];

/** "Events API payloads are limited to 512 KB", counted in bytes of the body. */
export const MAX_BODY_BYTES = 512_000;
const ROUTING_KEY_LENGTH = 32;
const MAX_DEDUP_KEY_LENGTH = 255;
const MAX_SUMMARY_LENGTH = 1024;

/** The fields of a trigger that people see. */
export interface Payload {
  readonly summary: string;
  readonly source: string;
  readonly severity: Severity;
  readonly timestamp?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details?: Readonly<Record<string, unknown>>;
}

/** An event that PagerDuty would accept. Without its routing key, which is a secret and stays with the server. */
export interface AcceptedEvent {
  readonly event_action: EventAction;
  readonly dedup_key?: string;
  /** Always there in a trigger; PagerDuty does not look at it in the others. */
  readonly payload?: Payload;
  readonly links?: readonly Link[];
  readonly images?: readonly { readonly src: string; readonly href?: string; readonly alt?: string }[];
  readonly client?: string;
  readonly client_url?: string;
}

export type Verdict =
  | { readonly accepted: true; readonly event: AcceptedEvent; readonly routingKey: string }
  | { readonly accepted: false; readonly problems: readonly string[] };

type Fields = Readonly<Record<string, unknown>>;

/** Judges a parsed body. All problems at once. */
export function judge(body: unknown): Verdict {
  if (!isObject(body)) return { accepted: false, problems: ['JSON parse error'] };
  const action = body.event_action;
  const problems = [
    ...routingKeyProblems(body.routing_key),
    ...actionProblems(action),
    ...dedupKeyProblems(body.dedup_key, action),
    ...(action === 'trigger' ? triggerProblems(body) : []),
  ];
  if (problems.length > 0) return { accepted: false, problems };
  const { routing_key: routingKey, ...event } = body;
  return { accepted: true, event: event as unknown as AcceptedEvent, routingKey: routingKey as string };
}

function routingKeyProblems(key: unknown): string[] {
  if (isBlank(key)) return ["'routing_key' is missing or blank"];
  if (typeof key !== 'string') return ["'routing_key' must be a string"];
  return [...key].length === ROUTING_KEY_LENGTH
    ? []
    : [`Length of 'routing_key' is incorrect (should be ${ROUTING_KEY_LENGTH} characters)`];
}

function actionProblems(action: unknown): string[] {
  if (isBlank(action)) return ["'event_action' is missing or blank"];
  return isOneOf(EVENT_ACTIONS, action)
    ? []
    : ["'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"];
}

/** Left out of a trigger, PagerDuty makes one up; without it nothing can be acknowledged or resolved. */
function dedupKeyProblems(key: unknown, action: unknown): string[] {
  if (key === undefined || key === null || key === '')
    return action === 'trigger' ? [] : ["'dedup_key' is missing or blank"];
  if (typeof key !== 'string') return ["'dedup_key' must be a string"];
  return tooLong('dedup_key', key, MAX_DEDUP_KEY_LENGTH);
}

function triggerProblems(body: Fields): string[] {
  return [
    ...(isObject(body.payload) ? payloadProblems(body.payload) : ["'payload' is missing or blank"]),
    ...linkProblems(body.links),
    ...imageProblems(body.images),
    ...textProblems(body, '', ['client', 'client_url']),
    ...(typeof body.client_url === 'string' && !isUrl(body.client_url, ['http:', 'https:'])
      ? ["'client_url' is not a valid URL"]
      : []),
  ];
}

function payloadProblems(payload: Fields): string[] {
  const details = payload.custom_details;
  return [
    ...requiredText(payload, 'summary'),
    ...(typeof payload.summary === 'string' ? tooLong('summary', payload.summary, MAX_SUMMARY_LENGTH) : []),
    ...requiredText(payload, 'source'),
    ...severityProblems(payload.severity),
    ...timestampProblems(payload.timestamp),
    ...textProblems(payload, 'payload.', ['component', 'group', 'class']),
    ...(details === undefined || details === null || isObject(details)
      ? []
      : ["'payload.custom_details' must be an object"]),
  ];
}

function requiredText(fields: Fields, name: string): string[] {
  if (isBlank(fields[name])) return [`'payload.${name}' is missing or blank`];
  return typeof fields[name] === 'string' ? [] : [`'payload.${name}' must be a string`];
}

function severityProblems(severity: unknown): string[] {
  if (isBlank(severity)) return ["'payload.severity' is missing or blank"];
  return isOneOf(SEVERITIES, severity)
    ? []
    : [
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      ];
}

/** ISO 8601 with a zone; PagerDuty's own examples write it without a colon: 2015-07-17T08:42:58.315+0000. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})$/;

function timestampProblems(timestamp: unknown): string[] {
  if (timestamp === undefined || timestamp === null) return [];
  const valid =
    typeof timestamp === 'string' &&
    TIMESTAMP.test(timestamp) &&
    // Date.parse knows the calendar, but neither the comma nor the zone without a colon.
    !Number.isNaN(Date.parse(timestamp.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2')));
  return valid ? [] : ["'payload.timestamp' is not a valid ISO 8601 timestamp"];
}

function textProblems(fields: Fields, path: string, names: readonly string[]): string[] {
  return names
    .filter((name) => !['string', 'undefined'].includes(typeof fields[name]) && fields[name] !== null)
    .map((name) => `'${path}${name}' must be a string`);
}

/** Characters are code points: an emoji is one. "maiximum" is how PagerDuty spells it. */
function tooLong(name: string, text: string, maximum: number): string[] {
  return [...text].length <= maximum ? [] : [`'${name}' is too long (maiximum is ${maximum} characters)`];
}

function isOneOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return typeof value === 'string' && (list as readonly string[]).includes(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

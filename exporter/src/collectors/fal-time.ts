import { z } from 'zod';

/** ISO 8601 with a time; what follows the seconds may be missing, as some of fal's examples show it. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A moment as the Platform API writes it, as ms since the epoch. One without an offset is UTC, fal's default zone,
 * and never this machine's. Source: https://api.fal.ai/v1/openapi.json
 */
export function falTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const at = Date.parse(match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}

/** The same as a part of a schema. */
export const moment = z.string().transform((text, context): number => {
  const at = falTime(text);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 date-time' });
  return z.NEVER;
});

import type { StatusComponent } from '../../domain/status-page.ts';
import { type PageAccess, StatusPageError, asked, readDocument } from './document.ts';
import { readFeed } from './feed.ts';
import { readComponents, readSummary } from './json.ts';
import type { StatusPageReading } from './reading.ts';

export interface StatusPageRequest {
  readonly access: PageAccess;
  /** Address of the page, such as `https://status.fal.ai`. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** Called before each document is asked for. */
  readonly spendCall: () => void;
}

interface DocumentForm {
  readonly path: string;
  readonly accept: string;
  readonly expected: string;
  readonly read: (body: string, now: number) => StatusPageReading | undefined;
}

const JSON_TYPE = 'application/json';
const FEED_TYPES = 'application/rss+xml, application/atom+xml, application/xml;q=0.9';
const SUMMARY = 'the JSON summary of a status page';

/** fal's page looks like one of Instatus; should fal move, the next most common form is tried, then the feed. */
const FORMS: readonly DocumentForm[] = [
  { path: 'summary.json', accept: JSON_TYPE, expected: SUMMARY, read: readSummary },
  { path: 'api/v2/summary.json', accept: JSON_TYPE, expected: SUMMARY, read: readSummary },
  { path: 'feed/', accept: FEED_TYPES, expected: 'a whole RSS or Atom feed', read: readFeed },
];

/**
 * Reads a status page in the first form that it offers. Rejects with a StatusPageError, which tells of the
 * first form, when none could be read; nothing is guessed from what could not be understood.
 */
export async function readStatusPage(request: StatusPageRequest): Promise<StatusPageReading> {
  const problems: StatusPageError[] = [];
  for (const form of FORMS) {
    try {
      const reading = await readForm(request, form);
      if (reading.components !== undefined || form.read !== readSummary) return reading;
      return { ...reading, components: await componentsOf(request) };
    } catch (error) {
      if (!(error instanceof StatusPageError)) throw error;
      problems.push(error);
      // A host that gives no answer gives none under another path either.
      if (error.trouble === 'unreachable') break;
    }
  }
  throw problemOf(problems);
}

async function readForm(request: StatusPageRequest, form: DocumentForm): Promise<StatusPageReading> {
  const url = documentUrl(request.url, form.path);
  request.spendCall();
  const body = await readDocument({ ...request, url, accept: form.accept });
  const reading = form.read(body, request.access.clock.now());
  if (reading !== undefined) return reading;
  const text = `${asked(url)}: expected ${form.expected}, got something else or only a part`;
  throw new StatusPageError('unreadable', text);
}

/** Instatus lists them in a document of their own. Without it the incidents still count. */
async function componentsOf(request: StatusPageRequest): Promise<readonly StatusComponent[] | undefined> {
  const url = documentUrl(request.url, 'v2/components.json');
  request.spendCall();
  try {
    return readComponents(await readDocument({ ...request, url, accept: JSON_TYPE }));
  } catch (error) {
    if (error instanceof StatusPageError) return undefined;
    throw error;
  }
}

function documentUrl(page: string, path: string): URL {
  return new URL(`${page.replace(/\/+$/, '')}/${path}`);
}

function problemOf(problems: readonly StatusPageError[]): StatusPageError {
  const trouble = problems.at(-1)?.trouble ?? 'unreadable';
  const text = problems[0]?.message ?? 'no form of the page is known';
  return new StatusPageError(trouble, problems.length > 1 ? `${text}; its feed cannot be read either` : text);
}

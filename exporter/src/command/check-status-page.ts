import { createStatusPageCollector } from '../collectors/status-page-collector.ts';
import { StatusPageError } from '../collectors/status-page/document.ts';
import type { Config } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { StatusPageObserved } from '../domain/events.ts';
import { messageOf } from '../domain/message-of.ts';
import type { FalAccess } from '../fal/client.ts';
import { statusPageWords } from '../status/status-page-words.ts';
import type { Finding } from './findings.ts';
import { ONCE, readOnce } from './read-once.ts';

/** What the official status page says. A page that cannot be read is worth a look and stops nothing. */
export async function statusPageFinding(
  config: Config,
  access: Pick<FalAccess, 'clock' | 'fetch'>,
  signal: AbortSignal,
): Promise<Finding> {
  const url = statusPageUrl(config);
  const name = new URL(url).host;
  if (!config.statusPage.enabled) return { name, state: 'off', text: 'not read (status_page.enabled)' };
  const { clock, fetch } = access;
  try {
    const collector = createStatusPageCollector({ access: { clock, fetch }, url, config: ONCE });
    const events = await readOnce(collector, signal);
    const reading = events.find((event) => event.kind === 'status_page_observed');
    return reading === undefined
      ? { name, state: 'warn', text: 'told nothing' }
      : readingFinding(reading, url);
  } catch (error) {
    const text = error instanceof StatusPageError ? error.message : messageOf(error);
    const remedy =
      'probes work without it; if the page moved, set status_page.url, or status_page.enabled: false';
    return { name, state: 'warn', text, remedy };
  }
}

function readingFinding(
  { overall, components = [], incidents, at }: StatusPageObserved,
  url: string,
): Finding {
  const name = new URL(url).host;
  const { isTrouble, text } = statusPageWords({ overall, components, incidents }, at);
  return isTrouble
    ? { name, state: 'warn', text: `fal reports: ${text}`, remedy: `see ${url}` }
    : { name, state: 'ok', text: `readable: ${text}` };
}

import { createStatusPageCollector } from '../collectors/status-page-collector.ts';
import { StatusPageError } from '../collectors/status-page/document.ts';
import type { Config } from '../config/config.ts';
import { statusPageUrl } from '../config/status-page.ts';
import type { DomainEvent } from '../domain/events.ts';
import { messageOf } from '../domain/message-of.ts';
import type { FalAccess } from '../fal/client.ts';
import { statusPageWords } from '../status/status-page-words.ts';
import type { Finding } from './findings.ts';

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
  let finding: Finding = { name, state: 'warn', text: 'told nothing' };
  const emit = (event: DomainEvent): void => {
    if (event.kind !== 'status_page_observed') return;
    const { overall, components = [], incidents } = event;
    const { isTrouble, text } = statusPageWords({ overall, components, incidents }, event.at);
    finding = isTrouble
      ? { name, state: 'warn', text: `fal reports: ${text}`, remedy: `see ${url}` }
      : { name, state: 'ok', text: `readable: ${text}` };
  };
  try {
    await createStatusPageCollector({ access: { clock, fetch }, url, intervalMs: 0 }).collect({
      signal,
      emit,
    });
    return finding;
  } catch (error) {
    const text = error instanceof StatusPageError ? error.message : messageOf(error);
    const remedy =
      'probes work without it; if the page moved, set status_page.url, or status_page.enabled: false';
    return { name, state: 'warn', text, remedy };
  }
}

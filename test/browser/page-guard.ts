import type { Page } from 'playwright-core';

/** Watches a page for what nobody may see in a working Grafana. */
export interface PageGuard {
  /** What went wrong until now, in the order in which it came. */
  problems(): readonly string[];
  /** Rejects at the first error that nothing on the page caught; never resolves. */
  readonly crashed: Promise<never>;
  /** From now on nothing counts: the page is being closed. */
  rest(): void;
}

/** A query in a URL may be very long; its beginning says which one it is. */
const LONGEST_PROBLEM = 400;
/** Aborted by the page itself, when it leaves or asks again. */
const ABORTED = 'net::ERR_ABORTED';
/** Chromium's own console line for a failed request, which is reported as a response already. */
const FAILED_REQUEST = 'Failed to load resource';

/** Icons and the font of code that `@grafana/ui` asks for and only Grafana's core has; everything else must be there. */
const ONLY_IN_CORE = [
  /\/public\/build\/img\/icons\/unicons\/(spinner|angle-double-left|sync-slash)\.svg$/,
  /\/public\/fonts\/roboto\//,
];

/**
 * Starts to watch. A problem is an uncaught error, an error in the console, a failed request, or an answer with a
 * status of 400 and above, unless it matches one of the patterns that the test expects.
 */
export function guardPage(page: Page, expected: readonly RegExp[]): PageGuard {
  const problems: string[] = [];
  let isResting = false;
  const report = (problem: string): void => {
    const isExpected = expected.some((pattern) => pattern.test(problem));
    if (!isResting && !isExpected) problems.push(problem.slice(0, LONGEST_PROBLEM));
  };
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.startsWith(FAILED_REQUEST)) report(`console error: ${text}`);
  });
  page.on('response', (response) => {
    const isMissing = response.status() >= 400 && !ONLY_IN_CORE.some((part) => part.test(response.url()));
    if (isMissing)
      report(`HTTP ${response.status()} for ${response.request().method()} ${pathOf(response.url())}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown reason';
    if (reason !== ABORTED) report(`request failed: ${pathOf(request.url())}: ${reason}`);
  });
  const crashed = new Promise<never>((_, reject) => {
    page.on('pageerror', (error) => {
      report(`page error: ${error.stack ?? error.message}`);
      reject(new Error(`uncaught on the page: ${error.message}`));
    });
    page.on('crash', () => {
      report('the page crashed');
      reject(new Error('the page crashed'));
    });
  });
  // Who waits for the page hears of it; a test that does not wait must not fail as an unhandled rejection.
  crashed.catch(() => undefined);
  return {
    problems: () => problems,
    crashed,
    rest: () => {
      isResting = true;
    },
  };
}

function pathOf(url: string): string {
  const { protocol, pathname, search } = new URL(url);
  return protocol.startsWith('http') ? `${pathname}${decodeURIComponent(search)}` : `${protocol}…`;
}

import type { Page } from '@playwright/test';

/** Everything that went wrong in a page and that nobody sees there: errors in the console, exceptions, failed answers. */
export function watchTrouble(page: Page): readonly string[] {
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // The browser's own line for a failed answer names no address; the one below does.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      trouble.push(`console: ${message.text()}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    const { pathname } = new URL(response.url());
    trouble.push(`${response.status()} ${response.request().method()} ${pathname}`);
  });
  return trouble;
}

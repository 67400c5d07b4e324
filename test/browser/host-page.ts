import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { FrameJson, PaintTimes, PanelReport } from '../../grafana-plugin/harness/host/request.ts';
import { guardPage } from './page-guard.ts';
import type { PageGuard } from './page-guard.ts';

/** A page of the harness in the hands of a test. */
export interface HostPage {
  /** Playwright's page, for everything that is not below. */
  readonly page: Page;
  /** The whole of what was asked for: the panel with its frame, the dashboard, the app's page. */
  readonly content: Locator;
  /** State, errors and number of frames of each panel. */
  reports(): Promise<readonly PanelReport[]>;
  /** Shows other frames in a panel that was opened with frames, and waits until it is painted. */
  showFrames(frames: readonly FrameJson[]): Promise<void>;
  /** Times from data to paint, for a panel that was opened with frames. */
  measurePaint(runs: number): Promise<PaintTimes>;
  /** Where links and the panel's code led, path and search without the sub path, oldest first. */
  visited(): Promise<readonly string[]>;
  /** Waits until all panels have their data again, after something was changed. */
  settled(): Promise<void>;
  /** Keeps a picture in test/screenshots; gives its path. */
  screenshot(name: string): Promise<string>;
  /** Uncaught errors, console errors, failed requests until now. */
  problems(): readonly string[];
  /** Closes the page. Rejects when there were problems that the test did not expect. */
  close(): Promise<void>;
}

const SCREENSHOTS = join(import.meta.dirname, '../screenshots');
/** In a message; a data source that is down makes one for each query. */
const MOST_PROBLEMS = 12;
const READY_WITHIN_MS = 60_000;

export interface Opening {
  readonly page: Page;
  readonly url: string;
  /** For messages: "panel falobs-runway-panel on Grafana 12.4, dark". */
  readonly what: string;
  /** CSS selector of the content. */
  readonly selector: string;
  readonly expected: readonly RegExp[];
}

/** Goes to a page of the host and waits until everything on it has its data. Rejects when it does not come to that. */
export async function openHostPage({ page, url, what, selector, expected }: Opening): Promise<HostPage> {
  const guard = guardPage(page, expected);
  try {
    await page.goto(url);
    await Promise.race([guard.crashed, whenReady(page)]);
  } catch (error) {
    const problems = [...guard.problems()];
    guard.rest();
    await page.close();
    throw new Error(describe(`opening ${what}`, problems), { cause: error });
  }
  return handle({ page, guard, what, content: page.locator(selector) });
}

async function whenReady(page: Page): Promise<void> {
  await page.waitForFunction('window.falobsHost !== undefined', undefined, { timeout: READY_WITHIN_MS });
  const ready = page.evaluate(
    'Promise.all([window.falobsHost.ready, document.fonts.ready]).then(() => undefined)',
  );
  await Promise.race([ready, late(page)]);
}

/** What the panels were waiting for is the best hint there is. */
async function late(page: Page): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, READY_WITHIN_MS).unref());
  if (page.isClosed()) return new Promise<never>(() => undefined);
  const reports = await page.evaluate('JSON.stringify(window.falobsHost.reports())');
  throw new Error(`not ready within ${READY_WITHIN_MS} ms; the panels: ${String(reports)}`);
}

interface Opened {
  readonly page: Page;
  readonly guard: PageGuard;
  readonly what: string;
  readonly content: Locator;
}

function handle({ page, guard, what, content }: Opened): HostPage {
  return {
    page,
    content,
    reports: () => page.evaluate<PanelReport[]>('window.falobsHost.reports()'),
    showFrames: async (frames) => {
      await page.evaluate(`window.falobsHost.showFrames(${JSON.stringify(frames)})`);
      await page.evaluate('window.falobsHost.settled()');
    },
    measurePaint: (runs) => page.evaluate<PaintTimes>(`window.falobsHost.measurePaint(${runs})`),
    visited: () => page.evaluate<string[]>('window.falobsHost.visited()'),
    settled: async () => {
      await page.evaluate('window.falobsHost.settled()');
    },
    screenshot: async (name) => {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const path = join(SCREENSHOTS, `${name}.png`);
      await showWhole(page, content);
      await takePicture(content, path);
      return path;
    },
    problems: () => guard.problems(),
    close: async () => {
      if (page.isClosed()) return;
      const problems = [...guard.problems()];
      guard.rest();
      await page.close();
      if (problems.length > 0) throw new Error(describe(what, problems));
    },
  };
}

/**
 * Makes the window as high as its content, and waits for the panels to settle in it: a picture of more than the window
 * holds resizes it for a moment, and panels that measure themselves are empty in just that moment.
 */
async function showWhole(page: Page, content: Locator): Promise<void> {
  const box = await content.boundingBox();
  const size = page.viewportSize();
  if (box === null || size === null) return;
  await page.setViewportSize({
    width: size.width,
    height: Math.max(size.height, Math.ceil(box.y + box.height)),
  });
  await page.evaluate('window.falobsHost.settled()');
}

/** A picture of the content as it stands, with animations at their end. */
export async function takePicture(content: Locator, path: string): Promise<void> {
  await content.screenshot({ path, animations: 'disabled', caret: 'hide' });
}

function describe(what: string, problems: readonly string[]): string {
  const more = problems.length - MOST_PROBLEMS;
  const shown = [...problems.slice(0, MOST_PROBLEMS), ...(more > 0 ? [`and ${more} more`] : [])];
  const found = problems.length === 0 ? 'nothing in its console' : shown.join('\n  ');
  return `${what}: expected no problems on the page, found:\n  ${found}`;
}

import { pendingCalls } from './backend.ts';

/** A page is calm when it has not changed for so long and waits for no answer. */
const CALM_MS = 250;
const LOOK_EVERY_MS = 25;

/** Pages of an app come as chunks, in script elements; a script that is on its way has no entry yet. */
function areScriptsLoaded(): boolean {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')];
  return scripts.every(({ src }) => performance.getEntriesByName(src, 'resource').length > 0);
}

/** Resolves when the content is there, asks for nothing any more, and has stopped changing. */
export async function calm(content: () => Element | null): Promise<void> {
  // Icons alone fill the usual buffer of entries.
  performance.setResourceTimingBufferSize(10_000);
  let changedAt = performance.now();
  const observer = new MutationObserver(() => {
    changedAt = performance.now();
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const isCalm = (): boolean =>
    pendingCalls() === 0 &&
    areScriptsLoaded() &&
    performance.now() - changedAt >= CALM_MS &&
    (content()?.textContent ?? '') !== '';
  while (!isCalm()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  observer.disconnect();
}

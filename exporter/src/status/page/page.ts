import { createHash } from 'node:crypto';
import { assess } from '../assess.ts';
import type { StatusView } from '../view.ts';
import { accountSection } from './account.ts';
import { endpointSection } from './endpoints.ts';
import { type Html, Html as Markup, html } from './html.ts';
import { collectorSection, configSection, hostSection, probeSection } from './plant.ts';
import { requestSection } from './platform.ts';
import { runSection } from './runs.ts';
import { statusPageLine } from './status-page-line.ts';
import { STYLE } from './style.ts';
import { patterns } from './strip-svg.ts';
import { supportSection } from './support.ts';
import { demoBanner, favicon, headlineBox, topBar } from './top.ts';

export interface PageOptions {
  /** False keeps the page as it is, so that it can be read and its details stay open. */
  readonly refresh: boolean;
}

const REFRESH_SECONDS = 5;

// Not in a template that a formatter may indent: the policy allows these very bytes and no others.
const STYLE_ELEMENT = new Markup(`<style>${STYLE}</style>`);

/** The status page: one HTML document without scripts, complete in itself. Pure. */
export function renderStatusPage(view: StatusView, { refresh }: PageOptions): string {
  const assessment = assess(view);
  const { headline } = assessment;
  const title = `${view.demo ? 'DEMO · ' : ''}${headline.text} · fal observability`;
  const page: Html = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh && html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}" />`}
        <title>${title}</title>
        <link rel="icon" href="${favicon(headline)}" />
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${patterns()} ${view.demo && demoBanner()}
        <div class="page">
          ${topBar(assessment, refresh)}
          <main>
            ${headlineBox(assessment)} ${supportSection(assessment, refresh)} ${statusPageLine(view)}
            ${endpointSection(assessment)}
            <div class="columns">
              <div>
                ${accountSection(assessment)} ${requestSection(assessment)} ${runSection(assessment, refresh)}
              </div>
              <div>
                ${hostSection(assessment)} ${probeSection(assessment)} ${collectorSection(assessment)}
                ${configSection(assessment)}
              </div>
            </div>
          </main>
          <footer>
            <a href="/runbooks/">/runbooks/</a> for whoever is called at night ·
            <a href="/metrics">/metrics</a> for Prometheus · <a href="/health/fal">/health/fal</a> for
            programs
          </footer>
        </div>
      </body>
    </html>`;
  return page.markup;
}

/** Content-Security-Policy of the page: its own style and its own tab icon, and nothing else at all. */
export function pagePolicy(): string {
  return policyOf(STYLE);
}

/** The same for another page with this one style element. */
export function policyOf(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

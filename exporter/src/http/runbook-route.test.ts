import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { RunbookShelf } from '../runbooks/shelf.ts';
import { type StagedServer, ask, stagedServer } from './stage.ts';

const open: StagedServer[] = [];

async function serve(runbooks = new RunbookShelf()): Promise<string> {
  const server = await stagedServer({ runbooks });
  open.push(server);
  return server.url;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('/runbooks/', () => {
  it('serves the installed runbooks: the index, and the page that an alert links', async () => {
    const url = await serve();
    const index = await ask(`${url}/runbooks/`);
    expect(index.status).toBe(200);
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(index.body).toContain('href="/runbooks/FalErrorRateCritical"');
    const page = await ask(`${url}/runbooks/FalErrorRateCritical`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('<h1>FalErrorRateCritical</h1>');
    expect(page.body).toContain('<h2 id="mitigation">');
  });

  it('fills in the model and the account that the link of an alert names', async () => {
    const url = await serve();
    const { body } = await ask(
      `${url}/runbooks/FalErrorRateCritical?endpoint_id=fal-ai%2Fflux%2Fdev&account=prod`,
    );
    expect(body).toContain('fal_verdict{endpoint_id=&quot;fal-ai/flux/dev&quot;}');
    expect(body).toContain('https://queue.fal.run/fal-ai/flux/requests/REQUEST_ID/cancel');
  });

  it('allows a browser the style of the page and no more', async () => {
    const url = await serve();
    const { headers, body } = await ask(`${url}/runbooks/Watchdog`);
    const style = /<style>([^]*?)<\/style>/.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
    expect(body.match(/<style>/g)).toHaveLength(1);
    expect(body).not.toMatch(/<script| style=| on[a-z]+=/);
  });

  it('answers 404 to what is no name of a runbook, and never leaves its shelf', async () => {
    const url = await serve();
    for (const path of [
      '/runbooks/FalNothing',
      '/runbooks/falerrorratecritical',
      '/runbooks/FalErrorRateCritical.md',
      '/runbooks/..%2fpackage.json',
      '/runbooks/..%5cpackage',
      '/runbooks/../README',
      '/runbooks/../runbooks/Watchdog',
      '/runbooks//Watchdog',
      '/runbooks/Watchdog/',
      '/runbooks/constructor',
      '/runbooks/__proto__',
      '/runbooks',
    ]) {
      const answer = await ask(url, { path });
      expect(answer.status, path).toBe(404);
      expect(answer.headers['content-type'], path).toBe('text/plain; charset=utf-8');
      expect(answer.body, path).toContain('/runbooks/');
    }
  });

  it('answers HEAD without a body and refuses to be written to', async () => {
    const url = await serve();
    const head = await ask(`${url}/runbooks/Watchdog`, { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await ask(`${url}/runbooks/Watchdog`, { method: 'POST' })).status).toBe(405);
  });

  it('reads when the first page is asked for, and once', async () => {
    let reads = 0;
    const url = await serve(
      new RunbookShelf({
        readAll() {
          reads += 1;
          return new Map([['FalX', '# FalX\n\nText.']]);
        },
      }),
    );
    expect(reads).toBe(0);
    expect((await ask(`${url}/runbooks/FalX`)).status).toBe(200);
    expect((await ask(`${url}/runbooks/FalY`)).status).toBe(404);
    expect(reads).toBe(1);
  });

  it('says what to do when the runbooks are not installed, looks again, and serves the rest on', async () => {
    let isThere = false;
    const url = await serve(
      new RunbookShelf({
        readAll() {
          if (!isThere) throw new Error("Cannot find module 'fal-alert-rules/runbooks/README.md'");
          return new Map([['FalX', '# FalX\n\nText.']]);
        },
      }),
    );
    const missing = await ask(`${url}/runbooks/FalX`);
    expect(missing.status).toBe(500);
    expect(missing.body).toContain('The runbooks cannot be read from the package fal-alert-rules');
    expect(missing.body).toContain('Install fal-exporter again');
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
    isThere = true;
    expect((await ask(`${url}/runbooks/FalX`)).status).toBe(200);
  });
});

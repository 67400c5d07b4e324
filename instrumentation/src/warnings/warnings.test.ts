import { describe, expect, it } from 'vitest';
import { type WarningKind, environmentOf, warningsForConfig, warningsForPackage } from './client-facts.ts';
import { type Warnings, createWarnings } from './warnings.ts';

const NODE = { isBrowser: false };
const BROWSER = { isBrowser: true };
const PROXY = 'https://app.example/api/fal/proxy?token=secret';
const KEY = 'key-id:key-secret';

describe('the facts', () => {
  it('a proxy as a text is ignored outside a browser', () => {
    expect(warningsForConfig({ proxyUrl: PROXY }, NODE)).toEqual(['proxy_ignored']);
    expect(warningsForConfig({ proxyUrl: '/api/fal/proxy' }, NODE)).toEqual(['proxy_ignored']);
    expect(warningsForConfig({ proxyUrl: PROXY }, BROWSER)).toEqual([]);
  });

  it('so is one that does not say when; one that does is meant so', () => {
    expect(warningsForConfig({ proxyUrl: { url: PROXY } }, NODE)).toEqual(['proxy_ignored']);
    for (const when of ['always', 'browser', (): boolean => true])
      expect(warningsForConfig({ proxyUrl: { url: PROXY, when } }, NODE)).toEqual([]);
  });

  it('a key that is given in a browser can be read by all visitors', () => {
    expect(warningsForConfig({ credentials: KEY }, BROWSER)).toEqual(['key_visible']);
    expect(warningsForConfig({ credentials: KEY }, NODE)).toEqual([]);
  });

  it('a key is not warned of when the app says that it knows, or when it would have to be fetched to know', () => {
    const known = { credentials: KEY, suppressLocalCredentialsWarning: true };
    expect(warningsForConfig(known, BROWSER)).toEqual([]);
    const credentials = (): never => {
      throw new Error('must not be called');
    };
    expect(warningsForConfig({ credentials }, BROWSER)).toEqual([]);
    expect(warningsForConfig({ credentials: '' }, BROWSER)).toEqual([]);
  });

  it('a config that is none, or says nothing of the kind, is fine', () => {
    for (const config of [undefined, null, 'x', 7, {}, { proxyUrl: '' }, { proxyUrl: null }])
      for (const environment of [NODE, BROWSER]) expect(warningsForConfig(config, environment)).toEqual([]);
  });

  it('only the old package is deprecated', () => {
    expect(warningsForPackage('@fal-ai/serverless-client')).toEqual(['deprecated_package']);
    expect(warningsForPackage('@fal-ai/client')).toEqual([]);
  });

  it('a browser is a window with a document, as the client sees it', () => {
    expect(environmentOf()).toEqual(NODE);
    expect(environmentOf({ window: {} })).toEqual(NODE);
    expect(environmentOf({ window: { document: {} } })).toEqual(BROWSER);
  });
});

describe('the warnings', () => {
  function listening(): { warnings: Warnings; lines: string[] } {
    const lines: string[] = [];
    const log = { warn: (text: string) => lines.push(text) };
    return { warnings: createWarnings(log, new Set<WarningKind>()), lines };
  }

  it('come once per kind, however many clients are configured', () => {
    const { warnings, lines } = listening();
    for (let n = 0; n < 3; n += 1) {
      warnings.loaded('@fal-ai/serverless-client');
      warnings.configured({ proxyUrl: PROXY });
      warnings.configured({ credentials: KEY }, BROWSER);
    }
    expect(lines).toHaveLength(3);
  });

  it('tell what to do instead', () => {
    const { warnings, lines } = listening();
    warnings.loaded('@fal-ai/serverless-client');
    warnings.configured({ proxyUrl: PROXY });
    warnings.configured({ credentials: KEY }, BROWSER);
    expect(lines[0]).toContain('npm install @fal-ai/client');
    expect(lines[1]).toContain('when: "always"');
    expect(lines[2]).toMatch(/Revoke it.*proxyUrl/);
  });

  it('never hold a key or a URL of the app', () => {
    const { warnings, lines } = listening();
    warnings.configured({ proxyUrl: PROXY, credentials: KEY }, NODE);
    warnings.configured({ proxyUrl: PROXY, credentials: KEY }, BROWSER);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/key-secret|key-id|app\.example/);
  });

  it('never throw, whatever the config or the logger does', () => {
    const hostile = Object.defineProperty({}, 'proxyUrl', {
      get: () => {
        throw new Error('from a getter');
      },
    });
    const { warnings } = listening();
    expect(() => warnings.configured(hostile)).not.toThrow();
    const warn = (): never => {
      throw new Error('from the logger');
    };
    const broken = createWarnings({ warn }, new Set());
    expect(() => broken.loaded('@fal-ai/serverless-client')).not.toThrow();
  });

  it('are told once in the whole process, whoever tells them', () => {
    const lines: string[] = [];
    const log = { warn: (text: string) => lines.push(text) };
    createWarnings(log).loaded('@fal-ai/serverless-client');
    createWarnings(log).loaded('@fal-ai/serverless-client');
    expect(lines).toHaveLength(1);
  });
});

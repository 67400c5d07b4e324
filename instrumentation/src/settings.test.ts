import { describe, expect, it } from 'vitest';
import { settingsOf } from './settings.ts';
import type { FalTelemetryConfig } from './types.ts';

const LATEST = { OTEL_SEMCONV_STABILITY_OPT_IN: 'http, gen_ai_latest_experimental' };
const CAPTURE = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'TRUE' };

describe('the settings', () => {
  it('have a default for everything', () => {
    expect(settingsOf({}, {})).toEqual({
      prices: {},
      fetchPrices: false,
      genAi: 'off',
      attributes: [],
      maxAttributeValues: 20,
      maxEndpoints: 200,
      captureContent: false,
    });
  });

  it('follow the environment where the app says nothing', () => {
    expect(settingsOf({}, { ...LATEST, ...CAPTURE })).toMatchObject({
      genAi: 'latest',
      captureContent: true,
    });
    expect(settingsOf({ genAi: undefined }, LATEST).genAi).toBe('latest');
  });

  it('follow the app before the environment', () => {
    const config: FalTelemetryConfig = { genAi: 'v1', captureContent: false, maxEndpoints: 3 };
    expect(settingsOf(config, { ...LATEST, ...CAPTURE })).toMatchObject(config);
  });

  it.each(['', 'gen_ai', 'gen_ai_latest', 'http'])('take %j for no wish', (text) => {
    expect(settingsOf({}, { OTEL_SEMCONV_STABILITY_OPT_IN: text }).genAi).toBe('off');
  });

  it.each(['', 'false', '1', 'yes'])('record no content because of %j', (text) => {
    const env = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: text };
    expect(settingsOf({}, env).captureContent).toBe(false);
  });
});

import type { FalTelemetryConfig, GenAiConvention } from './types.ts';

/** The configuration with every default in its place. */
export type Settings = {
  readonly [K in keyof Required<FalTelemetryConfig>]: Exclude<FalTelemetryConfig[K], undefined>;
};

const DEFAULTS: Settings = {
  prices: {},
  fetchPrices: false,
  genAi: 'off',
  attributes: [],
  maxAttributeValues: 20,
  maxEndpoints: 200,
  captureContent: false,
};

/** What the app says, else what the environment says, else the default. */
export function settingsOf(
  config: FalTelemetryConfig,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    genAi: genAiOf(env),
    captureContent: env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.toLowerCase() === 'true',
    ...given,
  };
}

function genAiOf(env: Readonly<Record<string, string | undefined>>): GenAiConvention {
  const wanted = env.OTEL_SEMCONV_STABILITY_OPT_IN?.split(',').map((each) => each.trim());
  return wanted?.includes('gen_ai_latest_experimental') === true ? 'latest' : 'off';
}

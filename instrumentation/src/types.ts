/** What a unit of a model costs: dollars per unit, and the unit's name as fal bills it, if the app knows it. */
export interface UnitPrice {
  readonly unitPriceUsd: number;
  readonly unit?: string | undefined;
}

/** Which GenAI names the duration is recorded under as well, beside our own. */
export type GenAiConvention = 'off' | 'v1' | 'latest';

/** Settings of the instrumentation. All optional; every default is named here and nowhere else in words. */
export interface FalTelemetryConfig {
  /** Prices by endpoint id, for `fal_client_cost_usd_total`. A number is dollars per unit. Default: none. */
  readonly prices?: Readonly<Record<string, number | UnitPrice>> | undefined;
  /**
   * Ask fal's Platform API for the prices of the endpoints that the app uses, hourly, with the app's own key
   * (`FAL_KEY`, or `FAL_KEY_ID` and `FAL_KEY_SECRET`). Default: false; an instrumentation makes no calls unasked.
   */
  readonly fetchPrices?: boolean | undefined;
  /** Default: `latest` when `OTEL_SEMCONV_STABILITY_OPT_IN` names gen_ai_latest_experimental, else `off`. */
  readonly genAi?: GenAiConvention | undefined;
  /** Keys that `withFalAttributes` may set, such as `team` or `feature`. Default: none. */
  readonly attributes?: readonly string[] | undefined;
  /** Distinct values per such key; what comes after is `_OTHER`. Default: 20. */
  readonly maxAttributeValues?: number | undefined;
  /** Distinct endpoint ids; what comes after is `_OTHER`. Default: 200. */
  readonly maxEndpoints?: number | undefined;
  /**
   * Record inputs and outputs on spans, cut to 4 KiB, queries of URLs removed. Default: false, or what
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` says.
   */
  readonly captureContent?: boolean | undefined;
}

import { type Endpoint, type World, defaultWorld } from 'fal-simulator';

export const DEV = 'fal-ai/flux/dev';
export const SCHNELL = 'fal-ai/flux/schnell';
export const SDXL = 'fal-ai/fast-sdxl';
export const KLING = 'fal-ai/kling-video/v2/standard/text-to-video';
/** It takes a picture that the app has to upload. */
export const UPSCALER = 'fal-ai/clarity-upscaler';

/** The team's own model: neither its exporter nor fal's price list knows it. */
export const HOUSE_STYLE = 'acme/house-style';

/** P95 limits of the exporter's configuration, seconds. */
export const LATENCY_LIMITS: Readonly<Record<string, number>> = {
  [DEV]: 10,
  [SCHNELL]: 5,
  [SDXL]: 10,
  [KLING]: 180,
  [UPSCALER]: 60,
};

/** Balance of the account when a past begins, dollars. */
export const FIRST_BALANCE_USD = 900;
export const CONCURRENCY_LIMIT = 20;

/** The fal of every past: the default world with an upscaler and a private model besides, and room for twenty requests at once. */
export function pastWorld(firstBalanceUsd = FIRST_BALANCE_USD): World {
  const world = defaultWorld();
  const sdxl = endpointOf(world, SDXL);
  world.endpoints.set(UPSCALER, {
    ...sdxl,
    id: UPSCALER,
    displayName: 'Clarity Upscaler',
    category: 'image-to-image',
    unit: 'megapixels',
    unitsPerRequest: 2,
    unitPriceNano: 0.03e9,
    requiredInput: ['image_url'],
    inference: { medianMs: 9000, sigma: 0.3 },
    processingLimitMs: 300_000,
  });
  world.endpoints.set(HOUSE_STYLE, {
    ...sdxl,
    ...{ id: HOUSE_STYLE, displayName: 'House style', unitPriceNano: undefined },
  });
  for (const account of world.accounts.values()) {
    account.balanceNano = firstBalanceUsd * 1e9;
    account.concurrencyLimit = CONCURRENCY_LIMIT;
    account.percentDiscount = 10;
  }
  return world;
}

/** @throws Error when the world has no such endpoint. */
export function endpointOf(world: World, id: string): Endpoint {
  const endpoint = world.endpoints.get(id);
  if (endpoint === undefined) throw new Error(`the world of the past has no ${id}`);
  return endpoint;
}

/** List prices in dollars per unit, as an app would configure them. */
export function listPrices(world: World): Record<string, number> {
  return Object.fromEntries(
    [...world.endpoints.values()].flatMap(({ id, unitPriceNano }) =>
      unitPriceNano === undefined ? [] : [[id, unitPriceNano / 1e9]],
    ),
  );
}

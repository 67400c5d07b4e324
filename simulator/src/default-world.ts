import type { Account, ApiKey, Endpoint, World } from './world.ts';

/** Obviously no real key: fal's key ids are UUIDs. For running models. */
export const FAKE_API_KEY = 'simulated-key-id:simulated-key-secret';
/** Obviously no real key. For usage, billing and key management. */
export const FAKE_ADMIN_KEY = 'simulated-admin-key-id:simulated-admin-key-secret';
/** Name of the one account of the default world. */
export const DEFAULT_ACCOUNT = 'simulated-team';

const USD = 1e9;

/** What an image model looks like unless said otherwise. Every price in this file is invented. */
const IMAGE_MODEL = {
  category: 'text-to-image',
  status: 'active',
  media: 'images',
  unit: 'megapixels',
  unitsPerRequest: 1,
  maxRunners: 6,
  warmRunners: 2,
  idleTimeoutMs: 600_000,
  // One short request of somebody else is ahead: the quarter of a second that a warm model keeps one waiting.
  foreignQueue: 1,
  foreignServiceMs: 250,
  requiredInput: ['prompt'],
  startupTimeoutMs: 600_000,
  processingLimitMs: 120_000,
} as const;

function defaultEndpoints(): Endpoint[] {
  return [
    {
      ...IMAGE_MODEL,
      id: 'fal-ai/flux/dev',
      displayName: 'FLUX.1 [dev]',
      unitPriceNano: 0.02 * USD,
      coldStart: { medianMs: 14_000, sigma: 0.3 },
      inference: { medianMs: 2800, sigma: 0.25 },
    },
    {
      ...IMAGE_MODEL,
      id: 'fal-ai/flux/schnell',
      displayName: 'FLUX.1 [schnell]',
      unitPriceNano: 0.004 * USD,
      coldStart: { medianMs: 11_000, sigma: 0.3 },
      inference: { medianMs: 650, sigma: 0.3 },
    },
    {
      ...IMAGE_MODEL,
      id: 'fal-ai/fast-sdxl',
      displayName: 'Fast SDXL',
      unit: 'images',
      unitPriceNano: 0.003 * USD,
      coldStart: { medianMs: 8000, sigma: 0.35 },
      inference: { medianMs: 1500, sigma: 0.3 },
    },
    {
      ...IMAGE_MODEL,
      id: 'fal-ai/kling-video/v2/standard/text-to-video',
      displayName: 'Kling 2 Standard',
      category: 'text-to-video',
      media: 'video',
      unit: 'seconds',
      unitsPerRequest: 5,
      unitPriceNano: 0.05 * USD,
      coldStart: { medianMs: 25_000, sigma: 0.3 },
      inference: { medianMs: 45_000, sigma: 0.2 },
      foreignQueue: 2,
      foreignServiceMs: 1500,
      processingLimitMs: 600_000,
      streams: false,
      hasRealtime: false,
      ignoresCancel: true,
    },
  ];
}

/**
 * A fresh world: one account with 100 USD and room for ten running requests, an API key and an ADMIN key, three
 * image models and a slow video model. The ids are real ones; prices, durations and limits are invented.
 */
export function defaultWorld(): World {
  const account: Account = {
    name: DEFAULT_ACCOUNT,
    balanceNano: 100 * USD,
    lockBelowNano: 0,
    lock: undefined,
    concurrencyLimit: 10,
    percentDiscount: 0,
    lockRefusesReads: false,
  };
  const keys = [keyOf(FAKE_API_KEY, 'API', 'production'), keyOf(FAKE_ADMIN_KEY, 'ADMIN', 'billing')];
  return {
    accounts: new Map([[account.name, account]]),
    keys: new Map(keys.map((key) => [`${key.id}:${key.secret}`, key])),
    endpoints: new Map(defaultEndpoints().map((endpoint) => [endpoint.id, endpoint])),
  };
}

function keyOf(text: string, scope: ApiKey['scope'], alias: string): ApiKey {
  const [id = '', secret = ''] = text.split(':');
  return { id, secret, account: DEFAULT_ACCOUNT, scope, alias, revoked: false };
}

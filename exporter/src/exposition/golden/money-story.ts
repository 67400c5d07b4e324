import type { DomainEvent, EndpointSpend } from '../../domain/events.ts';
import { nanoFromUsd } from '../../domain/money.ts';
import type { HandClock } from '../../metrics/hand-clock.ts';

const DAY_MS = 86_400_000;

/** What the collectors tell of the account in the story: a bill, a top-up, waste, and what fal says of its models. */
export function* moneyStory(
  clock: HandClock,
  { imageId, videoId, account }: Players,
): Generator<DomainEvent> {
  const at = clock.now();
  const spent = (endpointId: string, usd: number, unpricedRequests: number): EndpointSpend => ({
    ...{ endpointId, billed: nanoFromUsd(usd), estimated: nanoFromUsd(usd * 1.25), unpricedRequests },
  });
  yield { kind: 'spend_observed', at, account, endpoints: [spent(imageId, 0.5, 0), spent(videoId, 7, 2)] };
  yield { kind: 'top_ups_observed', at, account, total: nanoFromUsd(50) };
  yield {
    ...{
      kind: 'money_observed',
      at,
      account,
      burnPerHour: { '1h': nanoFromUsd(3), '24h': nanoFromUsd(1.5) },
    },
    ...{ runwaySeconds: 50_040, monthSpend: nanoFromUsd(120.5), costDrift: 0.8 },
  };
  yield {
    kind: 'waste_observed',
    at,
    account,
    perDay: { failed: nanoFromUsd(0.25), probe: nanoFromUsd(0.07) },
  };
  yield* modelStory(at, { imageId, videoId, account });
}

interface Players {
  readonly imageId: string;
  readonly videoId: string;
  readonly account: string;
}

function* modelStory(at: number, { imageId, videoId, account }: Players): Generator<DomainEvent> {
  yield { kind: 'model_status_observed', at, endpointId: imageId, status: 'active' };
  yield { kind: 'model_status_observed', at, endpointId: videoId, status: 'deprecated' };
  yield {
    ...{ kind: 'price_changes_observed', at },
    changes: [
      {
        ...{ endpointId: imageId, move: 'raised', seenAt: at - DAY_MS, weeklyEffect: nanoFromUsd(12.5) },
        ...{ from: { unit: 'megapixels', price: nanoFromUsd(0.002) } },
        ...{ to: { unit: 'megapixels', price: nanoFromUsd(0.003) } },
      },
    ],
  };
  yield {
    ...{
      kind: 'analytics_observed',
      at,
      endpointId: imageId,
      bucketStart: at - 120_000,
      bucketEnd: at - 60_000,
    },
    ...{ requests: { success: 11, user_error: 1, error: 0 }, coldBoots: 1 },
    ...{ duration: { 0.5: 1.5, 0.95: 2.5 }, prepare: { 0.5: 0.25, 0.95: 8 } },
  };
  yield {
    ...{ kind: 'request_history_observed', at, account },
    endpoints: [
      { endpointId: imageId, running: 0, stuck: 0, stuckIds: [] },
      { endpointId: videoId, running: 3, stuck: 1, oldestSeconds: 3000, stuckIds: ['019e0000'] },
    ],
  };
}

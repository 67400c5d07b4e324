import type { Switches } from '../engine.ts';
import type { Scenario } from './scenario.ts';

function webhooks(webhookFault: Switches['webhookFault'], description: string): Scenario {
  return {
    name: `webhook-${webhookFault}`,
    description,
    changes: [{ kind: 'switches', set: { webhookFault } }],
  };
}

/** Scenarios of webhooks. Another `gateway_request_id` comes with `platform-retries`, a 3xx from the app itself. */
export const WEBHOOK_SCENARIOS: readonly Scenario[] = [
  webhooks('duplicate', 'Webhooks come a second time, 20 s after the app has taken them.'),
  webhooks('late', 'Webhooks come ten minutes after their job has ended.'),
  webhooks('out-of-order', 'Of two webhooks the one of the later job comes first.'),
  webhooks(
    'bad-signature',
    'Webhooks are signed wrongly; fal repeats them until they are taken or it is over.',
  ),
  webhooks('old-timestamp', 'Webhooks carry a timestamp that is ten minutes old, rightly signed.'),
  webhooks('payload-error', 'Webhooks have a null payload, and say that it could not be written as JSON.'),
  webhooks('lost', 'Webhooks are never sent; polling shows that their jobs have ended.'),
];

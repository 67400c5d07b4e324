import type { Caller } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import { usd } from './charges.ts';
import { platformError } from './envelope.ts';
import type { PlatformCall } from './operation.ts';
import { expansions } from './query.ts';

/** Addresses for documentation (RFC 5737): nobody should open a firewall because a simulator says so. */
const WEBHOOK_IP_RANGES = ['192.0.2.0/28', '198.51.100.0/28', '203.0.113.0/28'];

/**
 * `GET /account/billing`: the balance, only with `expand=credits`. fal declares it as never negative, so a balance
 * below zero shows as 0. Source: https://api.fal.ai/v1/openapi.json
 */
export function accountBilling({ engine, query }: PlatformCall, { account }: Caller): HttpReply {
  if (engine.switches.balanceFails) return platformError('server_error', 'Internal server error');
  const credits = { current_balance: usd(Math.max(0, account.balanceNano)), currency: 'USD' };
  const expand = expansions(query, ['credits']);
  return json(200, { username: account.name, ...(expand.has('credits') ? { credits } : {}) });
}

/** `GET /meta`: where webhooks come from. */
export function meta(): HttpReply {
  return json(200, { webhook_ip_ranges: WEBHOOK_IP_RANGES });
}

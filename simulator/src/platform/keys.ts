import type { Caller, Engine } from '../engine.ts';
import { type HttpReply, json } from '../reply.ts';
import type { ApiKey } from '../world.ts';
import { invalid } from './envelope.ts';
import { type PlatformCall, jsonObject } from './operation.ts';
import { numberedPage } from './paging.ts';
import { expansions, limitOf } from './query.ts';
import { isoTime } from './records.ts';

/** fal states no number for this list. */
const PAGE = { byDefault: 100, most: 1000 };
const LONGEST_ALIAS = 255;
/** Ours, so that a loop which creates keys cannot fill the memory. */
const MOST_KEYS = 10_000;

/** The three operations on keys, which share when each key was made. */
export interface KeyOperations {
  readonly list: (call: PlatformCall, caller: Caller) => HttpReply;
  readonly create: (call: PlatformCall, caller: Caller) => HttpReply;
  readonly remove: (call: PlatformCall, caller: Caller) => HttpReply;
}

/**
 * `GET`, `POST` and `DELETE /keys`. Only keys of scope API can be managed; deleting is immediate and answers 204
 * for a key that does not exist too. Source: https://api.fal.ai/v1/openapi.json
 */
export function keyOperations(engine: Engine): KeyOperations {
  const createdAt = new Map<string, number>();
  /** The keys of the world were there before anyone asked. */
  const foundedAt = engine.clock.now();
  return {
    list: (call, { account }) => {
      const expand = expansions(call.query, ['creator_info']);
      const keys = [...engine.world.keys.values()].filter((key) => isManageable(key, account.name));
      const { items, ...cursor } = numberedPage(keys, call.query, limitOf(call.query, PAGE));
      const creator = { creator_nickname: account.name, creator_email: `${account.name}@example.com` };
      return json(200, {
        keys: items.map((key) => ({
          key_id: key.id,
          alias: key.alias,
          scope: 'API',
          created_at: isoTime(createdAt.get(key.id) ?? foundedAt),
          ...(expand.has('creator_info') ? creator : {}),
        })),
        ...cursor,
      });
    },
    create: (call, { account }) => {
      const alias = aliasOf(call);
      if (engine.world.keys.size >= MOST_KEYS) throw invalid('alias', `fewer than ${MOST_KEYS} keys in all`);
      const id = engine.newRequestId();
      const secret = hexText(engine, 32);
      engine.world.keys.set(`${id}:${secret}`, {
        id,
        secret,
        alias,
        account: account.name,
        scope: 'API',
        revoked: false,
      });
      createdAt.set(id, engine.clock.now());
      return json(201, { key_id: id, key_secret: secret, key: `${id}:${secret}` });
    },
    remove: (call, { account }) => {
      const key = [...engine.world.keys.values()].find(({ id }) => id === call.pathValue);
      if (key !== undefined && isManageable(key, account.name)) engine.revokeKey(key.id);
      return { kind: 'http', status: 204, headers: {}, body: '' };
    },
  };
}

function isManageable(key: ApiKey, accountName: string): boolean {
  return key.account === accountName && key.scope === 'API' && !key.revoked;
}

function aliasOf(call: PlatformCall): string {
  const alias = jsonObject(call.request.body)?.alias;
  if (typeof alias !== 'string' || alias === '' || alias.length > LONGEST_ALIAS) {
    throw invalid('alias', `a text of 1 to ${LONGEST_ALIAS} characters`);
  }
  return alias;
}

/** From the engine's seed, so that a run can be repeated; these keys open nothing but the simulator. */
function hexText(engine: Engine, digits: number): string {
  return Array.from({ length: digits }, () => engine.random.integer(16).toString(16)).join('');
}

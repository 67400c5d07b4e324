import { type ControlCall, noSuch } from './call.ts';

/** `GET /keys`: without their secrets. */
export function listKeys({ engine }: ControlCall): unknown {
  const keys = [...engine.world.keys.values()];
  return {
    keys: keys.map(({ id, account, scope, alias, revoked }) => ({ id, account, scope, alias, revoked })),
  };
}

/** `POST /keys/{id}/revoke`: at once; jobs that the key started go on. */
export function revokeKey({ engine, name }: ControlCall): unknown {
  if (!engine.revokeKey(name)) {
    throw noSuch(
      'key',
      name,
      [...engine.world.keys.values()].map((key) => key.id),
    );
  }
  return { id: name, revoked: true };
}

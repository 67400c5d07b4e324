import { type ControlCall, bodyOf } from './call.ts';
import { checked, isFlag, onlyKnown } from './check.ts';

/** `POST /webhook-key/rotate`: another key signs webhooks; with `{"keepOld": false}` the old one is not published on. */
export function rotateWebhookKey(call: ControlCall): unknown {
  const body = bodyOf(call);
  onlyKnown(Object.keys(body), ['keepOld']);
  const keepOld = body.keepOld === undefined ? true : checked('keepOld', body.keepOld, isFlag);
  call.engine.rotateWebhookKey({ keepOld });
  return { rotated: true, keepOld };
}

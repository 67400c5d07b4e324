import type { Switches } from '../engine.ts';
import {
  BILLING_FAULT_DELAYS,
  BILLING_FAULT_SHARES,
  type BillingEventFaults,
} from '../platform/billing-faults.ts';
import { type ControlCall, bodyOf } from './call.ts';
import { type Check, checked, isFlag, isNumber, isObject, isOneOf, onlyKnown, orNull } from './check.ts';
import { type Field, type Patch, applyPatch, field } from './patch.ts';
import { badInput } from './refusal.ts';

const LONGEST_MS = 365 * 86_400_000;
const isShare = isNumber(0, 1);
const isDelay = isNumber(0, LONGEST_MS);

type Wish = Partial<Switches>;

function plain<K extends keyof Switches>(name: K, check: Check<Switches[K]>): Field<Wish> {
  return field(check, (wish: Wish, value) => {
    wish[name] = value;
  });
}

const PATCH: Patch<Wish> = {
  billingEvents: {
    prepare: (name, value, wish) => {
      const faults = faultsOf(name, value);
      return () => {
        wish.billingEvents = faults;
      };
    },
  },
  billingEventsFail: plain('billingEventsFail', isFlag),
  usageFails: plain('usageFails', isFlag),
  balanceFails: plain('balanceFails', isFlag),
  platformRateLimited: plain('platformRateLimited', isFlag),
  serverlessMetrics: plain('serverlessMetrics', isOneOf(['normal', 'huge', 'garbage', 'none'])),
  indexingLagMs: field(orNull(isDelay), (wish: Wish, value) => {
    wish.indexingLagMs = value ?? undefined;
  }),
};

/** `GET /platform`: what is wrong with the Platform API now. */
export function showPlatform({ engine }: ControlCall): unknown {
  const { switches, indexingLagMs } = engine;
  return {
    billingEvents: switches.billingEvents,
    billingEventsFail: switches.billingEventsFail,
    usageFails: switches.usageFails,
    balanceFails: switches.balanceFails,
    platformRateLimited: switches.platformRateLimited,
    serverlessMetrics: switches.serverlessMetrics,
    indexingLagMs,
  };
}

/** `PATCH /platform`: `billingEvents` takes the place of what was there; `indexingLagMs` null is the simulator's own. */
export function changePlatform(call: ControlCall): unknown {
  const wish: Wish = {};
  applyPatch(PATCH, wish, bodyOf(call));
  call.engine.setSwitches(wish);
  return showPlatform(call);
}

function faultsOf(name: string, value: unknown): BillingEventFaults {
  if (!isObject(value)) throw badInput(name, 'an object of shares and delays', value);
  onlyKnown(Object.keys(value), [...BILLING_FAULT_SHARES, ...BILLING_FAULT_DELAYS]);
  const entries = Object.entries(value).map(([fault, amount]) => {
    const isDuration = BILLING_FAULT_DELAYS.some((delay) => delay === fault);
    return [fault, checked(`${name}.${fault}`, amount, isDuration ? isDelay : isShare)] as const;
  });
  return Object.fromEntries(entries);
}

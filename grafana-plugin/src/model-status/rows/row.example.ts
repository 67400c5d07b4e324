import { frame } from '../../reading/frame.builder.ts';
import type { Row } from './row.ts';

interface Given {
  readonly endpointId: string;
  readonly account?: string | undefined;
  readonly verdict: string | undefined;
  readonly ratio?: number | undefined;
  readonly since?: number;
  readonly isSinceSeen?: boolean;
  readonly isFailingUnseen?: boolean;
  readonly onAndOff?: string;
}

/** A row that says no more than what is given. */
export function row({
  endpointId,
  account,
  verdict,
  ratio,
  since,
  isSinceSeen = true,
  isFailingUnseen,
  onAndOff,
}: Given): Row {
  const [field] = frame({ refId: 'errors', values: [ratio] }).fields;
  return {
    endpointId,
    account,
    key: JSON.stringify([account ?? null, endpointId]),
    segments: [],
    state: { verdict, since, isSinceSeen },
    uptime: { share: undefined, okMs: 0, knownMs: 0, unknownMs: 0 },
    incident: undefined,
    incidents: { count: 0, from: undefined },
    isFailingUnseen: isFailingUnseen ?? false,
    onAndOff,
    latency: undefined,
    errors:
      ratio === undefined || field === undefined
        ? undefined
        : { reading: { value: ratio, field }, ratio, level: 0, color: 'green' },
    linked: undefined,
  };
}

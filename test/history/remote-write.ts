import type { SampledSeries } from './sample-book.ts';

/** Headers of a remote write 1.0 request. Source: https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export const REMOTE_WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};

/** The bits of the NaN that Prometheus takes for "this series has ended". */
const STALE_BITS = 0x7ff0000000000002n;
/** Tag, length, tag and eight bytes of the value, tag and six bytes of a time between 2004 and 2109. */
const SAMPLE_BYTES = 18;

/** The body of a remote write 1.0 request: protobuf `WriteRequest` in snappy's block format. */
export function remoteWriteBody(series: readonly SampledSeries[]): Buffer {
  return snappy(Buffer.concat(series.map(timeSeries)));
}

/** `WriteRequest.timeseries`, field 1. */
function timeSeries({ labels, times, values }: SampledSeries): Buffer {
  const head = Buffer.concat(
    labels.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
  );
  const samples = Buffer.allocUnsafe(times.length * SAMPLE_BYTES);
  times.forEach((at, index) => writeSample(samples, index * SAMPLE_BYTES, at, values[index]));
  return field(1, Buffer.concat([head, samples]));
}

function writeSample(buffer: Buffer, start: number, at: number, value: number | undefined): void {
  buffer[start] = (2 << 3) | 2;
  buffer[start + 1] = SAMPLE_BYTES - 2;
  buffer[start + 2] = (1 << 3) | 1;
  if (value === undefined) buffer.writeBigUInt64LE(STALE_BITS, start + 3);
  else buffer.writeDoubleLE(value, start + 3);
  buffer[start + 11] = 2 << 3;
  let rest = at;
  for (let index = 0; index < 6; index += 1) {
    buffer[start + 12 + index] = (rest % 128) | (index < 5 ? 128 : 0);
    rest = Math.floor(rest / 128);
  }
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

const LITERAL_BYTES = 65_536;

/**
 * Snappy's block format with literals only: valid for every reader, and nothing is won by making it smaller on its
 * way to this machine. Source: https://github.com/google/snappy/blob/main/format_description.txt
 */
function snappy(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from(varint(content.length))];
  for (let from = 0; from < content.length; from += LITERAL_BYTES) {
    const literal = content.subarray(from, from + LITERAL_BYTES);
    const length = literal.length - 1;
    parts.push(Buffer.from([61 << 2, length & 255, length >> 8]), literal);
  }
  return Buffer.concat(parts);
}

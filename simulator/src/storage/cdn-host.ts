import type { Engine } from '../engine.ts';
import { type HostHandler, type HttpReply, type SimulatedRequest, json, originOf } from '../reply.ts';
import type { PendingUpload } from './file-store.ts';
import { generatedMedia } from './generated-media.ts';
import { bodyFields, methodNotAllowed, notFound } from './rest-body.ts';
import { sharedStorageOf } from './shared-storage.ts';

const MOST_PARTS = 10_000;

/**
 * `v3.fal.media`: takes the bytes of initiated uploads and hands files out to anybody, as fal's CDN does by default.
 *
 * Source: libs/client/src/storage.ts of github.com/fal-ai/fal-js and projects/fal_client of github.com/fal-ai/fal
 */
export function createCdn(engine: Engine): HostHandler {
  return (request) => {
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return download(engine, request);
      case 'PUT':
        return put(engine, request);
      case 'POST':
        return request.path === '/files/upload'
          ? directUpload(engine, request)
          : completeParts(engine, request);
      default:
        return methodNotAllowed('GET, HEAD, PUT, POST');
    }
  };
}

function download(engine: Engine, request: SimulatedRequest): HttpReply {
  const file = sharedStorageOf(engine).files.read(request.path) ?? generatedMedia(engine, request.path);
  if (file === undefined) return notFound();
  const headers = {
    'content-type': file.contentType,
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=31536000, immutable',
  };
  // A HEAD has the same headers, length included; whoever sends the answer leaves the bytes out.
  return { kind: 'http', status: 200, headers, body: file.bytes };
}

function put(engine: Engine, request: SimulatedRequest): HttpReply {
  const { files } = sharedStorageOf(engine);
  const whole = files.pending(request.path);
  if (whole?.isMultipart === false) {
    if (!isSigned(request, whole)) return badSignature();
    const contentType = request.headers.get('content-type') ?? whole.contentType;
    files.finish(request.path, { ...whole, contentType }, request.body);
    return { kind: 'http', status: 200, headers: {}, body: '' };
  }
  const { parent, last } = splitPath(request.path);
  const upload = files.pending(parent);
  const partNumber = /^[1-9]\d{0,4}$/.test(last) ? Number(last) : NaN;
  if (upload?.isMultipart !== true || !(partNumber <= MOST_PARTS)) return notFound();
  if (!isSigned(request, upload)) return badSignature();
  const etag = files.addPart(upload, partNumber, request.body);
  return json(200, { partNumber, etag }, { etag });
}

function completeParts(engine: Engine, request: SimulatedRequest): HttpReply {
  const { files } = sharedStorageOf(engine);
  const { parent, last } = splitPath(request.path);
  const upload = files.pending(parent);
  if (last !== 'complete' || upload?.isMultipart !== true) return notFound();
  if (!isSigned(request, upload)) return badSignature();
  const problem = problemOfParts(upload, bodyFields(request).parts);
  if (problem !== undefined) return json(400, { detail: problem });
  files.join(parent, upload);
  return json(200, {});
}

/** What is wrong with the list of parts that the caller believes to have sent. */
function problemOfParts(upload: PendingUpload, listed: unknown): string | undefined {
  if (!Array.isArray(listed) || listed.length === 0) return 'parts: expected a list with at least one part';
  const entries = listed as readonly Partial<Record<'partNumber' | 'etag', unknown>>[];
  const wrong = entries.findIndex((part) => {
    const known = typeof part.partNumber === 'number' ? upload.parts.get(part.partNumber) : undefined;
    return known === undefined || known.etag !== part.etag;
  });
  if (wrong !== -1) return `parts[${wrong}]: no such part was uploaded`;
  const numbers = new Set(entries.map((part) => part.partNumber));
  return numbers.size === upload.parts.size
    ? undefined
    : 'parts: not every uploaded part is listed, or one twice';
}

/** The Python client's way: one POST with a CDN token. */
function directUpload(engine: Engine, request: SimulatedRequest): HttpReply {
  const { files, mint } = sharedStorageOf(engine);
  const token = /^bearer\s+(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (token === undefined || mint.read(token, 'cdn') === undefined)
    return json(401, { detail: 'Unauthorized' });
  const file = {
    fileName: request.headers.get('x-fal-file-name') ?? 'file',
    contentType: request.headers.get('content-type') ?? 'application/octet-stream',
    lifetimeSeconds: undefined,
  };
  const { path } = files.announce(file, false);
  files.finish(path, file, request.body);
  return json(200, { access_url: `${originOf(request, 'v3.fal.media')}${path}` });
}

function isSigned(request: SimulatedRequest, upload: PendingUpload): boolean {
  return request.query.get('signature') === upload.signature;
}

function badSignature(): HttpReply {
  return json(403, { detail: 'The signature of this upload URL is not valid' });
}

function splitPath(path: string): { parent: string; last: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, slash), last: path.slice(slash + 1) };
}

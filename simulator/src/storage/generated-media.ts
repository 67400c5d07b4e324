import { crc32, deflateSync } from 'node:zlib';
import type { Engine } from '../engine.ts';
import type { StoredFile } from './file-store.ts';

const FOLDER = '/files/simulated/';
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Side of the picture in pixels: what the simulated image models say that they made. */
const SIDE = 1024;
const SILENT_MP3_FRAMES = 40;

/**
 * The media that a simulated model "made": a grey picture, a second of silence, or a video container without a
 * track. Only for requests that ended well, and for the thumbnails of the catalogue.
 */
export function generatedMedia(engine: Engine, path: string): StoredFile | undefined {
  const [, name, extension] = /^\/files\/simulated\/([^/]+)\.(png|mp4|mp3)$/.exec(path) ?? [];
  if (name === undefined || !path.startsWith(FOLDER)) return undefined;
  const isKnown =
    engine.ledger.job(name)?.outcome === 'ok' ||
    [...engine.world.endpoints.keys()].some((id) => encodeURIComponent(id) === name);
  return isKnown ? mediaOf(extension) : undefined;
}

function mediaOf(extension: string | undefined): StoredFile {
  switch (extension) {
    case 'mp4':
      return { contentType: 'video/mp4', bytes: emptyMp4(), expiresAt: undefined };
    case 'mp3':
      return { contentType: 'audio/mpeg', bytes: silentMp3(), expiresAt: undefined };
    default:
      return { contentType: 'image/png', bytes: greyPng(), expiresAt: undefined };
  }
}

/** A valid PNG of one colour. Source of the layout: https://www.w3.org/TR/png-3/ */
function greyPng(): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  // 8 bits per pixel, greyscale; compression, filter and interlace stay 0.
  header.writeUInt8(8, 8);
  // Each row is one filter byte (none) and its pixels.
  const rows = Buffer.alloc(SIDE * (SIDE + 1), 0x80);
  for (let row = 0; row < SIDE; row += 1) rows.writeUInt8(0, row * (SIDE + 1));
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, checksum]);
}

/** Frames of MPEG-1 layer III, 128 kbit/s, 44.1 kHz, all zero: silence. */
function silentMp3(): Uint8Array {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return Buffer.concat(Array.from({ length: SILENT_MP3_FRAMES }, () => frame));
}

/** The file type box of ISO/IEC 14496-12 and an empty media box: the right kind of file, nothing to play. */
function emptyMp4(): Uint8Array {
  const brands = Buffer.from('isom\0\0\x02\0isommp41', 'latin1');
  return Buffer.concat([box('ftyp', brands), box('mdat', Buffer.alloc(0))]);
}

function box(type: string, content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.byteLength);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, content]);
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSimulator } from '../create-simulator.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { FileStore } from './file-store.ts';

const LIMITS = { files: 5, bytes: 1000 };
const FILE = { fileName: 'a', contentType: 'text/plain', lifetimeSeconds: undefined };

test('the store never holds more files or bytes than its limits, whatever is uploaded', () => {
  const steps = fc.array(
    fc.record({ multipart: fc.boolean(), size: fc.integer({ min: 0, max: 1200 }), join: fc.boolean() }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (uploads) => {
      const { engine } = createSimulator({ clock: new VirtualClock() });
      const store = new FileStore(engine, LIMITS);
      const paths: string[] = [];
      for (const { multipart, size, join } of uploads) {
        const { path } = store.announce(FILE, multipart);
        const upload = store.pending(path);
        if (upload === undefined) continue;
        paths.push(path);
        if (multipart) store.addPart(upload, 1, new Uint8Array(size));
        else store.finish(path, FILE, new Uint8Array(size));
        if (multipart && join && store.pending(path) !== undefined) store.join(path, upload);
        const kept = paths.flatMap((each) => store.read(each) ?? []);
        expect(kept.length).toBeLessThanOrEqual(LIMITS.files);
        expect(store.bytes).toBeLessThanOrEqual(LIMITS.bytes);
        const held = kept.reduce((sum, file) => sum + file.bytes.byteLength, 0);
        expect(store.bytes).toBeGreaterThanOrEqual(held);
      }
    }),
  );
});

test('the oldest file goes first, and a file that is uploaded again counts once', () => {
  const { engine } = createSimulator({ clock: new VirtualClock() });
  const store = new FileStore(engine, LIMITS);
  const paths = Array.from({ length: 3 }, () => store.announce(FILE, false).path);
  for (const path of paths) store.finish(path, FILE, new Uint8Array(300));
  store.finish(paths[2] ?? '', FILE, new Uint8Array(300));
  expect(store.bytes).toBe(900);
  store.finish(store.announce(FILE, false).path, FILE, new Uint8Array(300));
  expect(paths.map((path) => store.read(path) !== undefined)).toEqual([false, true, true]);
});

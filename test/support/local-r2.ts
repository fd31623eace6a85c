import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Miniflare } from 'miniflare';
import { type ArchiveBucket, r2Archive } from '#worker/events/archive/bucket.ts';

export type LocalR2 = ArchiveBucket & { keys(): Promise<string[]>; close(): Promise<void> };

/** An R2 bucket of workerd's own, in a folder of its own. */
export async function startLocalR2(): Promise<LocalR2> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-r2-'));
  const worker = 'export default { fetch: () => new Response(null) }';
  const miniflare = new Miniflare({
    resourcePersistencePath: home,
    workers: [
      {
        config: {
          name: 'archive',
          compatibilityDate: '2026-11-17',
          env: { EVENT_ARCHIVE: { type: 'r2', name: 'study-paths-events' } },
          manifest: { mainModule: 'index.mjs', modules: { 'index.mjs': { type: 'esm', contents: worker } } },
        },
      },
    ],
  });
  const bucket = await miniflare.getR2Bucket('EVENT_ARCHIVE');
  return {
    ...r2Archive(bucket),
    async keys() {
      const keys: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await bucket.list(cursor === undefined ? {} : { cursor });
        keys.push(...page.objects.map(({ key }) => key));
        if (!page.truncated) return keys.toSorted();
        cursor = page.cursor;
      }
    },
    async close() {
      await miniflare.dispose();
      await rm(home, { recursive: true, force: true });
    },
  };
}
/** The same operations on a map, for proofs that need thousands of them. */
export function memoryBucket(): LocalR2 & { objects: Map<string, Uint8Array<ArrayBuffer>> } {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    objects,
    async put(key, bytes) {
      objects.set(key, bytes.slice());
    },
    async get(key) {
      return objects.get(key)?.slice() ?? null;
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    async keys() {
      return [...objects.keys()].toSorted();
    },
    async close() {
      objects.clear();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#worker/db/client.ts';
import type { ArchiveBucket } from '#worker/events/archive/bucket.ts';
import type { Random } from '../../simulate/random.ts';
import { dyingPorts } from '../../support/archive-bench.ts';

export type Ports = { db: Database; bucket: ArchiveBucket };

/** Calls of a run over one path with a few months: a process that dies does so at one of them. */
const CALLS = 24;

/**
 * Ports of one run: each call may take a moment, so that runs interleave; in half of the runs the process dies at some
 * call, before or after it took effect; in some the bucket loses or alters what it is given.
 * @param note told each fault that this run has.
 */
export function faultyPorts(real: Ports, random: Random, note: (fault: string) => void): Ports {
  let { db, bucket } = real;
  if (random.chance(0.15)) {
    note('lossy buckets');
    const sound = bucket;
    bucket = {
      ...sound,
      put: async (key, bytes) => {
        if (random.chance(0.5)) await sound.put(key, bytes);
      },
      get: async (key) => {
        const bytes = await sound.get(key);
        if (bytes !== null && random.chance(0.3))
          bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        return bytes;
      },
    };
  }
  if (random.chance(0.5)) {
    const when = random.pick(['before', 'after'] as const);
    note(`deaths ${when} a call`);
    ({ db, bucket } = dyingPorts({ db, bucket }, 1 + Math.floor(random.next() * CALLS), when));
  }
  const moment = async () => {
    if (random.chance(0.4)) await sleep(random.next() * 15);
  };
  const slow = { db, bucket };
  return {
    db: {
      ...slow.db,
      async query(statement, params) {
        await moment();
        return slow.db.query(statement, params);
      },
    },
    bucket: {
      async put(key, bytes) {
        await moment();
        await slow.bucket.put(key, bytes);
      },
      async get(key) {
        await moment();
        return slow.bucket.get(key);
      },
      async delete(keys) {
        await moment();
        await slow.bucket.delete(keys);
      },
    },
  };
}

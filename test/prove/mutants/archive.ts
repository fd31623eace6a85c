import type { Database } from '#worker/db/client.ts';
import type { Random } from '../../simulate/random.ts';
import type { ArchiveBench } from '../../support/archive-bench.ts';
import type { Ports } from '../kit/archive-ports.ts';

/** A planted bug: ports through which the archive behaves as if it had it. */
export type ArchiveBug = { name: string; ports(real: Ports, random: Random, bench: ArchiveBench): Ports };

/** Answers of some statements changed after they were carried out. */
function answering(db: Database, change: (name: string, rows: unknown[]) => Promise<unknown[]>): Database {
  return {
    ...db,
    async query(statement, params) {
      const rows = await db.query(statement, params);
      return (await change(statement.name, rows)) as typeof rows;
    },
  };
}

export const BUGS: readonly ArchiveBug[] = [
  {
    name: 'what was put is believed to be there',
    ports({ db, bucket }, random) {
      const believed = new Map<string, Uint8Array<ArrayBuffer>>();
      return {
        db,
        bucket: {
          ...bucket,
          async put(key, bytes) {
            believed.set(key, bytes);
            if (random.chance(0.5)) await bucket.put(key, bytes);
          },
          get: async (key) => believed.get(key) ?? (await bucket.get(key)),
        },
      };
    },
  },
  {
    name: 'a settlement without an answer counts as refused, and its object is deleted',
    ports: ({ db, bucket }) => ({
      bucket,
      db: answering(db, async (name, rows) => {
        if (name === 'settle-archive') return [{ stored: false }];
        return name === 'abandon-archive' ? [{ abandoned: true }] : rows;
      }),
    }),
  },
  {
    name: 'one event more is removed than the manifest covers',
    ports: ({ db, bucket }, _random, bench) => ({
      bucket,
      db: answering(db, async (name, rows) => {
        if (name === 'settle-archive')
          await bench.rows(
            `do $do$ begin
               set local study_paths.log_change = 'allowed';
               delete from task_events e using archived_tasks a where a.task_id = e.task_id and e.seq = a.last_seq + 1;
             end $do$`,
          );
        return rows;
      }),
    }),
  },
];

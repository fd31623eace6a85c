import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { ArchivedChain, ArchivedEvent, chainsIn, PersonalText } from '#contract/archive.ts';
import type { ArchiveObjects } from './objects.ts';

/** What asks the database; a client inside a transaction sees manifests and rows of one moment. */
type Ask = { query(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };

/** Why an object cannot be read as its manifest says. */
export type ArchiveFault = 'is missing' | 'was altered' | 'does not hold the chains of its manifest';

/** An archived event, and what was typed in it. */
export type ArchivedRow = { event: ArchivedEvent; personal: PersonalText | null };
export type ArchivedRows = {
  /** By task, oldest first. */
  rows: Map<string, ArchivedRow[]>;
  faults: { object_key: string; fault: ArchiveFault }[];
};

const Manifests = z.array(
  z.object({
    object_key: z.string(),
    sha256: z.string(),
    chains: z.array(ArchivedChain),
    texts: z.record(z.string(), PersonalText),
  }),
);

const MANIFESTS = `select a.object_key, a.sha256,
    jsonb_agg(jsonb_build_object('task_id', s.task_id, 'first_seq', s.first_seq, 'last_seq', s.last_seq,
      'prev_hash', encode(s.prev_hash, 'hex'), 'last_hash', encode(s.last_hash, 'hex')) order by s.task_id, s.first_seq)
      as chains,
    coalesce((select jsonb_object_agg(x.event_id, x.personal) from archived_texts x
      where x.archive_id = a.id and x.task_id = any($1::uuid[])), '{}') as texts
  from archived_tasks s join event_archives a on a.id = s.archive_id
  where s.task_id = any($1::uuid[]) group by a.id`;

/**
 * The archived events of these tasks. An object that is not as its manifest says is told, not thrown, and adds nothing.
 * @param objects null when nobody said where they are.
 * @throws Error when they are needed and nobody said, or when bucket or database cannot be reached.
 */
export async function archivedRows(
  ask: Ask,
  objects: ArchiveObjects | null,
  taskIds: readonly string[],
): Promise<ArchivedRows> {
  const found: ArchivedRows = { rows: new Map(), faults: [] };
  const { rows } = await ask.query(MANIFESTS, [taskIds]);
  for (const { object_key, sha256, chains, texts } of Manifests.parse(rows)) {
    if (objects === null)
      throw new Error('some events are archived: --archive names a copy of the bucket, or its address');
    const events = eventsIn(await objects.read(object_key), sha256, chains);
    if (typeof events === 'string') {
      found.faults.push({ object_key, fault: events });
      continue;
    }
    for (const event of events) {
      const own = found.rows.get(event.task_id) ?? [];
      own.push({ event, personal: texts[event.id] ?? null });
      found.rows.set(event.task_id, own);
    }
  }
  for (const own of found.rows.values()) own.sort((a, b) => a.event.seq - b.event.seq);
  return found;
}

function eventsIn(bytes: Uint8Array | null, sha256: string, chains: readonly ArchivedChain[]) {
  if (bytes === null) return 'is missing';
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return 'was altered';
  const events = chainsIn(gunzipSync(bytes).toString('utf8'), chains);
  if (events === null) return 'does not hold the chains of its manifest';
  return ArchivedEvent.array().parse(events.flat());
}

import type { TaskEvent } from '#contract/events.ts';
import type { Database } from '../db/client.ts';
import { HINTS, hintFacts, type SealedHint, transcriptsOf } from '../db/hints.ts';

/** Which hints: the newest ones of a detail view, or a page. */
type Wanted = { newest: true } | { after: number; limit: number };

/**
 * Hints of a task of which some are archived. The log and the archive are put together here, as a hint's request may
 * be archived and its end still in the log.
 * @param archived the task's archived events.
 */
export async function hintsWithArchived(
  db: Database,
  learnerId: string,
  taskId: string,
  archived: readonly TaskEvent[],
  wanted: Wanted,
): Promise<SealedHint[]> {
  const facts = [...archived, ...(await hintFacts(db, learnerId, taskId))];
  const ends = new Map(
    facts.flatMap((fact) => (fact.event_type === 'tutor_interaction' ? [[fact.payload.hint_id, fact]] : [])),
  );
  const given = facts.filter((fact) => fact.event_type === 'hint_requested');
  const chosen =
    'newest' in wanted
      ? given.slice(-HINTS)
      : given.filter(({ seq }) => seq > wanted.after).slice(0, wanted.limit);
  const ids = chosen.flatMap(({ payload }) => ends.get(payload.hint_id)?.id ?? []);
  const sealed = await transcriptsOf(db, learnerId, taskId, ids);
  return chosen.map(({ seq, occurred_at, payload: { hint_id, level } }) => {
    const end = ends.get(hint_id);
    // Keys in the order in which the database builds them.
    return {
      at: occurred_at,
      seq,
      level,
      hint_id,
      outcome: end?.payload.outcome ?? null,
      sha256: end?.payload.transcript_sha256 ?? null,
      sealed: (end && sealed[end.id]) ?? null,
    };
  });
}

import type { Actor, PathFact } from '#contract/events.ts';
import type { StoredPathEvent } from '#contract/export.ts';
import type { StudyPath } from '#contract/paths.ts';
import { derivedId } from './ids.ts';

export const IMPORT_ACTOR: Actor = { type: 'system', job: 'import' };

/**
 * The events that a path must have had whose own are not in the file: it began with the config that it has, and was
 * touched once more since. They are dated as the path is, so that its past can be asked for.
 */
export function pathEventsOf({ id, track_id, config, created_at, updated_at }: StudyPath): StoredPathEvent[] {
  const dated = (seq: number, at: string, fact: PathFact): StoredPathEvent => ({
    ...fact,
    id: derivedId(id, 'event', String(seq)),
    path_id: id,
    seq,
    actor: IMPORT_ACTOR,
    request_id: null,
    occurred_at: at,
    created_at: at,
  });
  const begun = dated(1, created_at, {
    event_type: 'path_created',
    schema_version: 1,
    payload: { track_id, config },
  });
  if (updated_at === created_at) return [begun];
  const touched = dated(2, updated_at, {
    event_type: 'path_changed',
    schema_version: 1,
    payload: { config: {} },
  });
  return [begun, touched];
}

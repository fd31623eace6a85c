import type { PathFact } from '#contract/events.ts';

/** A path as its events have made it; `plan_version` only keeps writers apart and is not part of the truth. */
export type PathState = {
  track_id: string;
  config: Record<string, unknown>;
  created_at: string;
  updated_at: string;
};

/** One step of a replay. @throws RangeError when the first event of a path is no `path_created`. */
export function evolvePath(state: PathState | null, fact: PathFact, at: string): PathState {
  if (fact.event_type === 'path_created') {
    if (state !== null) throw new RangeError('a path is created twice');
    return { ...fact.payload, created_at: at, updated_at: at };
  }
  if (state === null) throw new RangeError('the log of a path begins with path_changed');
  return { ...state, config: { ...state.config, ...fact.payload.config }, updated_at: at };
}

import type { StoredEvent } from '#contract/export.ts';
import { isResult } from '#contract/vocabulary.ts';
import type { FirstResult } from './merge.ts';
import type { RestoredTask } from './restored.ts';

/** Whether an event brings a result: a CE was one only under the rules of old. */
function bringsResult(event: StoredEvent): boolean {
  return (
    event.event_type === 'evaluated' && (isResult(event.payload.verdict) || event.payload.rule_version === 1)
  );
}

/**
 * The task as a repeat, if its problem is one of those that the learner has results of here: a problem has one first
 * result, and the one that is here stays it, whichever came first, since the log here cannot change.
 */
export function asRepeat(restored: RestoredTask, met: ReadonlySet<string>): RestoredTask {
  const { task, events } = restored;
  const first = events.findIndex(bringsResult);
  const { kind, problem_id, metadata } = task;
  if (kind === 'lesson' || first === -1 || metadata.repeat !== undefined || !met.has(problem_id))
    return restored;
  const marked = events.map((event, at) =>
    at === first && event.event_type === 'evaluated'
      ? { ...event, payload: { ...event.payload, repeat: true as const } }
      : event,
  );
  return { ...restored, task: { ...task, metadata: { ...metadata, repeat: true } }, events: marked };
}

/** The first result of each problem of these tasks. */
export function firstResults(tasks: readonly RestoredTask[]): FirstResult[] {
  const results = tasks.flatMap(({ task, events }): FirstResult[] => {
    const { problem_id, module, topic_tags, difficulty, kind, metadata } = task;
    if (kind === 'lesson' || typeof metadata.first_score !== 'number') return [];
    const first = events.find(bringsResult);
    if (first === undefined) return [];
    const topics = [...new Set([module, ...topic_tags])];
    return [{ problem_id, topics, difficulty, score: metadata.first_score, at: first.occurred_at }];
  });
  const earliest = results.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [...Map.groupBy(earliest, ({ problem_id }) => problem_id).values()].flatMap(
    ([first]) => first ?? [],
  );
}

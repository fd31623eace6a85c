import { isResult } from '#contract/vocabulary.ts';
import type { FirstResult } from './merge.ts';
import type { RestoredTask } from './restored.ts';

/** The first result of each problem of these tasks. */
export function firstResults(tasks: readonly RestoredTask[]): FirstResult[] {
  const results = tasks.flatMap(({ task, events }): FirstResult[] => {
    const { problem_id, module, topic_tags, difficulty, kind, metadata } = task;
    if (kind === 'lesson' || typeof metadata.first_score !== 'number') return [];
    const first = events.find(
      (event) =>
        event.event_type === 'evaluated' &&
        (isResult(event.payload.verdict) || event.payload.rule_version === 1),
    );
    if (first === undefined) return [];
    const topics = [...new Set([module, ...topic_tags])];
    return [{ problem_id, topics, difficulty, score: metadata.first_score, at: first.occurred_at }];
  });
  const earliest = results.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [...Map.groupBy(earliest, ({ problem_id }) => problem_id).values()].flatMap(
    ([first]) => first ?? [],
  );
}

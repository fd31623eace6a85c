import type { LearnerExport, StoredEvent, StoredLearnerEvent } from '#contract/export.ts';
import type { Placed } from './restored.ts';

type Places = {
  events: Placed<StoredEvent>[];
  learnerEvents: Placed<StoredLearnerEvent>[];
  /** Whether the file says in which order things happened; else it is guessed. */
  known: boolean;
};

/** By when the log took them; events of one task stay in their order. */
function guessed(events: readonly StoredEvent[]): Placed<StoredEvent>[] {
  const byTask = [...Map.groupBy(events, ({ task_id }) => task_id).values()];
  return byTask
    .flatMap((log) => log.toSorted((a, b) => a.seq - b.seq))
    .toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at))
    .map((event, index) => ({ ...event, position: index + 1 }));
}

/**
 * The events with their places in the order in which what they are about has changed. Files from before places were
 * exported have times alone, which do not tell apart what happened in one millisecond.
 */
export function placesOf({
  events,
  learner_events,
}: Pick<LearnerExport, 'events' | 'learner_events'>): Places {
  const placed = events.filter((event): event is Placed<StoredEvent> => event.position !== undefined);
  const own = learner_events.filter(
    (event): event is Placed<StoredLearnerEvent> => event.position !== undefined,
  );
  if (placed.length === events.length && own.length === learner_events.length)
    return { events: placed, learnerEvents: own, known: true };
  return { events: guessed(events), learnerEvents: [], known: false };
}

import type {
  LearnerExport,
  StoredEvent,
  StoredJudging,
  StoredLearnerEvent,
  StoredPathEvent,
} from '#contract/export.ts';
import type { StudyPath } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import {
  type LearnerState,
  type Learnt,
  learn,
  learningFact,
  nothingLearnt,
} from '#domain/learning/evolve.ts';

/** An event with its place in the order of all events of the file. */
export type Placed<Event> = Event & { position: number };

/** One task with all that is below it; its version is the number of its events. */
export type RestoredTask = { task: Task; evaluations: StoredJudging[]; events: Placed<StoredEvent>[] };

/** A path with its own events. */
export type RestoredPath = { path: StudyPath; events: StoredPathEvent[] };

/** What was learnt from the results of the tasks. */
export type Learning = Pick<LearnerExport, 'mastery' | 'module_states' | 'review_queue' | 'review_log'>;

/** A file as it can be written: rows that are what a replay of the events makes. */
export type Restored = {
  paths: RestoredPath[];
  tasks: RestoredTask[];
  learnerEvents: Placed<StoredLearnerEvent>[];
  learning: Learning;
  /** Whether a replay of the events gives `learning`; an older export leaves some of it to the rows. */
  replayed: boolean;
  /** What the command has to say of the file, a sentence each. */
  notes: string[];
};

/** What the events of a task say of its learner. */
export function learntFrom({ task, events }: Pick<RestoredTask, 'task' | 'events'>): Learnt[] {
  const { id, path_id, problem_id, module, topic_tags, difficulty } = task;
  const about = { id, path_id, problem_id, module, topic_tags, difficulty };
  return events.flatMap((event): Learnt[] => {
    const fact = learningFact(event);
    const { position, occurred_at } = event;
    return fact === null ? [] : [{ position, occurred_at, task: about, fact }];
  });
}

/** What the learner knows after all events of the file, in their order. */
export function replayLearning({ tasks, learnerEvents }: Pick<Restored, 'tasks' | 'learnerEvents'>) {
  const own = learnerEvents.map(
    (event): Learnt => ({
      position: event.position,
      occurred_at: event.occurred_at,
      task: null,
      fact: event,
    }),
  );
  const state = nothingLearnt();
  const all = [...tasks.flatMap(learntFrom), ...own];
  for (const entry of all.toSorted((a, b) => a.position - b.position)) learn(state, entry);
  return state;
}

/**
 * The rows of what is known. Paths and tasks that are not in the file have gone, or came in while it was read.
 * @param idOf the id of a review, which no event holds.
 */
export function learningRows(
  state: LearnerState,
  { paths, tasks }: Pick<Restored, 'paths' | 'tasks'>,
  idOf: (review: { problem_id: string; task_id: string; seq: number }) => string,
): Learning {
  const homes = new Set(paths.map(({ path }) => path.id));
  const known = new Set(tasks.map(({ task }) => task.id));
  return {
    mastery: [...state.mastery.values()],
    module_states: [...state.modules.values()].filter(({ path_id }) => homes.has(path_id)),
    review_queue: [...state.cards.values()]
      .filter(({ path_id }) => homes.has(path_id))
      .map((card) => (card.task_id === null || known.has(card.task_id) ? card : { ...card, task_id: null })),
    review_log: [...state.reviews.values()].map((review) => ({ id: idOf(review), ...review })),
  };
}

/** Whether the rows hold every card as the events tell it, so that a replay where they go gives the same. */
export function isWhole(state: LearnerState, { review_queue }: Learning): boolean {
  return (
    review_queue.length === state.cards.size &&
    review_queue.every(({ problem_id, task_id }) => state.cards.get(problem_id)?.task_id === task_id)
  );
}

import type { StoredEvent } from '#contract/export.ts';
import { PathConfig } from '#contract/paths.ts';
import { calendarOfRule, STANDARD_CALENDAR } from '#domain/calendar.ts';
import { textOf } from './compare.ts';
import { type FirstResult, mergeLearning } from './merge.ts';
import type { Learning, Placed, Restored, RestoredTask } from './restored.ts';
import { asRepeat, firstResults } from './results.ts';

/** What of the learner is here already. */
export type Here = Learning & {
  /** Digest of it: a write is refused when it has changed. */
  seen: string;
  /** Of the newest path. */
  config: unknown;
  /** The learner's own events. */
  events: number;
  results: FirstResult[];
};

/** What to write. `record`: the log must say what the learner knows since, as a replay alone would not. */
export type Plan = Pick<Restored, 'paths' | 'tasks' | 'learnerEvents'> & {
  learning: Learning;
  record: boolean;
  merged: boolean;
};

const SECTIONS = ['mastery', 'module_states', 'review_queue', 'review_log'] as const;

const isEmpty = (learning: Learning) => SECTIONS.every((section) => learning[section].length === 0);

/** Reviews are counted per problem: those of the file go on after those that are here. */
function renumbered(event: Placed<StoredEvent>, after: ReadonlyMap<string, number>): Placed<StoredEvent> {
  if (event.event_type !== 'graded' && event.event_type !== 'grade_undone') return event;
  const { problem_id, review } = event.payload;
  const payload = { ...event.payload, review: review + (after.get(problem_id) ?? 0) };
  return { ...event, payload } as Placed<StoredEvent>;
}

function merged(restored: Restored, fresh: readonly RestoredTask[], here: Here, now: string): Plan {
  const after = new Map<string, number>();
  for (const { problem_id, seq } of here.review_log)
    after.set(problem_id, Math.max(seq, after.get(problem_id) ?? 0));
  const isFresh = new Set(fresh.map(({ task }) => task.id));
  const tasks = fresh.map((task) => ({
    ...task,
    events: task.events.map((event) => renumbered(event, after)),
  }));
  const review_log = restored.learning.review_log
    .filter(({ task_id }) => isFresh.has(task_id))
    .map((review) => ({ ...review, seq: review.seq + (after.get(review.problem_id) ?? 0) }));
  const config = PathConfig.safeParse(here.config ?? {});
  const calendar = calendarOfRule(config.success ? config.data : STANDARD_CALENDAR);
  const all = mergeLearning(
    { learning: here, results: here.results },
    { learning: { ...restored.learning, review_log }, results: firstResults(restored.tasks) },
    { calendar, now },
  );
  // Rows that stay as they are need no writing.
  const changed = <Row>(rows: readonly Row[], known: readonly Row[]) => {
    const texts = new Set(known.map(textOf));
    return rows.filter((row) => !texts.has(textOf(row)));
  };
  const learning: Learning = {
    mastery: changed(all.mastery, here.mastery),
    module_states: changed(all.module_states, here.module_states),
    review_queue: changed(all.review_queue, here.review_queue),
    review_log,
  };
  const record = tasks.length > 0 || !isEmpty(learning);
  return { paths: [], tasks, learnerEvents: [], learning, record, merged: true };
}

/**
 * What to write of a file. Where the learner has learnt nothing yet, the file's log goes on as it is. Else tasks that
 * are here stay, what was learnt is merged, and results of problems that have some here are repeats.
 * @param known ids of paths and tasks of the file that are here.
 */
export function planOf(restored: Restored, known: ReadonlySet<string>, here: Here, now: string): Plan {
  const paths = restored.paths.filter(({ path }) => !known.has(path.id));
  const met = new Set(here.results.map(({ problem_id }) => problem_id));
  const tasks = restored.tasks.filter(({ task }) => !known.has(task.id)).map((task) => asRepeat(task, met));
  if (isEmpty(here) && here.events === 0 && tasks.length === restored.tasks.length) {
    const { learnerEvents, learning, replayed } = restored;
    return { paths, tasks, learnerEvents, learning, record: !replayed, merged: false };
  }
  if (tasks.length === 0 && restored.tasks.length > 0) {
    const learning: Learning = { mastery: [], module_states: [], review_queue: [], review_log: [] };
    return { paths, tasks, learnerEvents: [], learning, record: false, merged: false };
  }
  return { ...merged(restored, tasks, here, now), paths };
}

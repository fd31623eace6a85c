import type { Task } from '#contract/tasks.ts';
import type { Context } from '../context.ts';
import {
  evolvePath,
  evolveTask,
  foldLearner,
  type Learnt,
  learningFact,
  type PathState,
  readLearnerFact,
  readPathFact,
  readTaskFact,
  type TaskState,
} from '../replay/index.ts';
import { monthsOf, planAt, readyReviews, sumsOf } from './past-rules.ts';
import { type ProgressRecord, TOPICS } from './store.ts';
import { type PastTask, pastPath, pastTasks } from './store-past.ts';

/** Reviews that retention is counted over, as the present counts them. */
const MOST_REVIEWS = 5000;

/** One task as its events up to then have made it, and what they say of its learner. */
function replayed({ id, events }: PastTask): { state: TaskState | null; learnt: Learnt[] } {
  let state: TaskState | null = null;
  const learnt: Learnt[] = [];
  for (const event of events) {
    const { seq, position, occurred_at } = event;
    const fact = readTaskFact(event);
    state = evolveTask(state, id, { fact, seq, occurred_at });
    const said = learningFact(fact);
    if (said === null) continue;
    const { path_id, problem_id, module, topic_tags, difficulty } = state.task;
    const task = { id, path_id, problem_id, module, topic_tags, difficulty };
    learnt.push({ position, occurred_at, task, fact: said });
  }
  return { state, learnt };
}

/** When a task was practised: by each submission when it was sent, or by reading a lesson to its end. */
function practiceOf({ task, judgings }: TaskState): string[] {
  const sent = [...judgings.values()].filter(({ run }) => run === 1).map(({ created_at }) => created_at);
  return task.kind === 'lesson' && task.completed_at !== null ? [...sent, task.completed_at] : sent;
}

/**
 * What progress was made of at a moment of the past, out of the log: everything that it had recorded up to `asOf`.
 * @param now the moment from which days and reviews ahead are counted.
 * @returns undefined when the path is not the learner's, or was not there yet.
 * @throws UnknownEvent or RangeError when the log cannot be replayed: half an answer would pass for the whole. AppError
 * `integrity-error` or `archive-unavailable` when its older part cannot be read.
 */
export async function pastProgress(
  parts: Pick<Context, 'db' | 'archive'>,
  learnerId: string,
  pathId: string,
  { asOf, now }: { asOf: string; now: string },
): Promise<ProgressRecord | undefined> {
  const record = await pastPath(parts.db, learnerId, { path_id: pathId, as_of: asOf });
  if (record === undefined) return undefined;
  let path: PathState | null = null;
  for (const event of record.path) path = evolvePath(path, readPathFact(event), event.occurred_at);
  if (path === null) return undefined;

  const learnt: Learnt[] = record.learner.map((event) => ({
    position: event.position,
    occurred_at: event.occurred_at,
    task: null,
    fact: readLearnerFact(event),
  }));
  const all = new Map<string, Pick<Task, 'kind' | 'status' | 'scheduled_at'>>();
  const own: Task[] = [];
  const practised: string[] = [];
  for await (const page of pastTasks(parts, learnerId, asOf)) {
    for (const past of page) {
      const { state, learnt: said } = replayed(past);
      if (state === null) continue;
      learnt.push(...said);
      const { kind, status, scheduled_at } = state.task;
      all.set(past.id, { kind, status, scheduled_at });
      if (state.task.path_id !== pathId) continue;
      own.push(state.task);
      practised.push(...practiceOf(state));
    }
  }

  const at = Date.parse(now);
  const { mastery, cards, reviews } = foldLearner(learnt);
  const { due_now, ...plan } = planAt([...cards.values()], all, at);
  const log = [...reviews.values()]
    .filter(({ undone_at, log: entry }) => undone_at === null && entry.before !== null)
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .slice(0, MOST_REVIEWS)
    .map(({ problem_id, log: { grade, reviewed_at, before } }) => ({
      problem_id,
      grade,
      reviewed_at,
      before,
    }));
  const { modules, topics } = sumsOf(own);
  const { time_zone } = path.config;
  return {
    time_zone: typeof time_zone === 'string' ? time_zone : null,
    modules,
    topics: topics.slice(0, TOPICS),
    mastery: Object.fromEntries(
      [...mastery].map(([topic, { rating, n, reason }]) => [topic, { rating, n, reason }]),
    ),
    months: monthsOf(practised),
    reviews: readyReviews(own, at),
    config: path.config,
    memory: { due_now, plan, log },
  };
}

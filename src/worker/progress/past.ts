import type { Task } from '#contract/tasks.ts';
import { lastDayOf, storedDay } from '#domain/calendar.ts';
import { readLearnerFact, readPathFact, readTaskFact } from '#domain/events/upcast.ts';
import { foldLearner, type Learnt, learningFact } from '#domain/learning/evolve.ts';
import { evolvePath, type PathState } from '#domain/paths/evolve.ts';
import {
  daysOf,
  type PlannedTask,
  type Practised,
  planAt,
  readyReviews,
  sumsOf,
} from '#domain/progress/past.ts';
import type { CalendarFact } from '#domain/progress/practice.ts';
import { evolveTask, type TaskState } from '#domain/tasks/evolve.ts';
import type { Context } from '../context.ts';
import { type ProgressRecord, TOPICS } from './store.ts';
import { type PastEvent, type PastTask, pastPaths, pastTasks } from './store-past.ts';

/** Reviews that retention is counted over, as the present counts them. */
const MOST_REVIEWS = 5000;

/** One task as its events up to then have made it, and what they say of its learner. */
function replayed({ id, events }: PastTask) {
  let state: TaskState | null = null;
  const learnt: Learnt[] = [];
  const handled: PlannedTask['handled'] = { at: null, day: null };
  for (const event of events) {
    const { seq, position, occurred_at } = event;
    const fact = readTaskFact(event);
    state = evolveTask(state, id, { fact, seq, occurred_at });
    // The newest date, not that of the last event: a result is dated by when its code was sent.
    if (handled.at === null || occurred_at > handled.at) handled.at = occurred_at;
    const day = 'day' in fact.payload ? fact.payload.day : undefined;
    if (day !== undefined && (handled.day === null || day > handled.day)) handled.day = day;
    const said = learningFact(fact);
    if (said === null) continue;
    const { path_id, problem_id, module, topic_tags, difficulty } = state.task;
    const task = { id, path_id, problem_id, module, topic_tags, difficulty };
    learnt.push({ position, occurred_at, task, fact: said });
  }
  return { state, learnt, handled };
}

/** When a task was practised: by each submission when it was sent, or by reading a lesson to its end. */
function practiceOf({ task, judgings }: TaskState): Practised[] {
  const sent = [...judgings.values()]
    .filter(({ run }) => run === 1)
    .map(({ created_at: at, day }) => ({ at, day: storedDay(day, at) }));
  const { kind, completed_at: at, completed_day } = task;
  return kind === 'lesson' && at !== null ? [...sent, { at, day: storedDay(completed_day, at) }] : sent;
}

/** Events of the learner's paths with the path of each, as they were logged. */
type PathEvents = readonly (PastEvent & { path_id: string })[];

function pathsOf(events: PathEvents): Map<string, PathState> {
  const paths = new Map<string, PathState>();
  for (const event of events) {
    const { path_id, occurred_at } = event;
    paths.set(path_id, evolvePath(paths.get(path_id) ?? null, readPathFact(event), occurred_at));
  }
  return paths;
}

function newestOf(paths: ReadonlyMap<string, PathState>): Pick<PathState, 'config'> {
  const byAge = [...paths].toSorted(
    ([a, { created_at: at }], [b, { created_at: other }]) =>
      Date.parse(other) - Date.parse(at) || (a < b ? 1 : -1),
  );
  return byAge[0]?.[1] ?? { config: {} };
}

/** What the events say of the learner's calendar. */
function calendarFacts(events: PathEvents): CalendarFact[] {
  const begun = new Map<string, string>();
  return events.flatMap((event) => {
    const { path_id, occurred_at: at } = event;
    const { event_type, payload } = readPathFact(event);
    if (event_type === 'path_created') begun.set(path_id, at);
    const { time_zone, day_start_hour } = payload.config;
    if (event_type === 'path_changed' && time_zone === undefined && day_start_hour === undefined) return [];
    return {
      path_id,
      at,
      created_at: begun.get(path_id) ?? at,
      time_zone: typeof time_zone === 'string' ? time_zone : null,
      day_start_hour: typeof day_start_hour === 'number' ? day_start_hour : null,
    };
  });
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
  const record = await pastPaths(parts.db, learnerId, { path_id: pathId, as_of: asOf });
  if (record === undefined) return undefined;
  const paths = pathsOf(record.paths);
  if (!paths.has(pathId)) return undefined;
  const newest = newestOf(paths);

  const learnt: Learnt[] = record.learner.map((event) => ({
    position: event.position,
    occurred_at: event.occurred_at,
    task: null,
    fact: readLearnerFact(event),
  }));
  const all = new Map<string, PlannedTask>();
  const own: Task[] = [];
  const practised: Practised[] = [];
  for await (const page of pastTasks(parts, learnerId, asOf)) {
    for (const past of page) {
      const { state, learnt: said, handled } = replayed(past);
      if (state === null) continue;
      learnt.push(...said);
      const { kind, status, scheduled_at, metadata } = state.task;
      all.set(past.id, { kind, status, scheduled_at, metadata, handled });
      practised.push(...practiceOf(state));
      if (state.task.path_id === pathId) own.push(state.task);
    }
  }

  const at = Date.parse(now);
  const { mastery, cards, reviews } = foldLearner(learnt);
  const planned = planAt([...cards.values()], all, at);
  const log = [...reviews.values()]
    .filter(({ undone_at, log: entry }) => undone_at === null && entry.before !== null)
    .toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))
    .slice(0, MOST_REVIEWS)
    .map(({ problem_id, log: { grade, reviewed_at, before, after } }) => ({
      problem_id,
      grade,
      reviewed_at,
      day: lastDayOf(after),
      before,
    }));
  const { modules, topics } = sumsOf(own);
  return {
    calendars: calendarFacts(record.paths),
    modules,
    topics: topics.slice(0, TOPICS),
    mastery: Object.fromEntries(
      [...mastery].map(([topic, { rating, n, reason }]) => [topic, { rating, n, reason }]),
    ),
    days: daysOf(practised),
    reviews: readyReviews(own, at),
    config: newest.config,
    memory: { ...planned, log },
  };
}

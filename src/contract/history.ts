import * as z from 'zod';
import { TaskEvent } from './events.ts';
import { StreamOutcome } from './hints.ts';
import { StudyPath, TrackId } from './paths.ts';
import { Problem } from './problem-bank.ts';
import { Evaluation } from './submissions.ts';
import { Task } from './tasks.ts';
import { Id, Instant, spelled, Timestamp, text } from './text.ts';
import { type Difficulty, Module, TaskKind, TaskResult, TaskStatus } from './vocabulary.ts';

/** A parameter that may stand once; a repeated one arrives as an array and an empty one says nothing. */
const single = z.string({ error: 'must be given once' }).min(1, 'must not be empty');
const repeated = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [...new Set([value].flat())]);

/** Any of a closed set, repeatable; answers them in the set's order, so that equal filters are equal. */
export function anyOf<const T extends string | number>(
  options: readonly T[],
  one: z.ZodType<T> = z.literal(options),
) {
  const parsed = repeated.transform((wanted, context): T[] => {
    const known = options.filter((option) => wanted.includes(String(option)));
    if (known.length === wanted.length) return known;
    context.issues.push({ code: 'custom', message: `must be one of ${options.join(', ')}`, input: wanted });
    return z.NEVER;
  });
  return spelled(parsed, z.array(one));
}

const DIFFICULTIES = [1, 2, 3, 4, 5] as const satisfies Difficulty[];

/** Topics that one query may name; each has 1 to 60 characters, like a task's tags. */
const MOST_TOPICS = 40;
const Topic = text(60, 1);
const Topics = spelled(
  repeated
    .refine(
      (topics) => topics.every((topic) => Topic.safeParse(topic).success),
      'must have 1 to 60 characters',
    )
    .refine((topics) => topics.length <= MOST_TOPICS, `must be given at most ${MOST_TOPICS} times`)
    .transform((topics) => topics.toSorted()),
  z.array(Topic).max(MOST_TOPICS),
);

/** A bound in time: RFC 3339, or a date, which is the beginning of that day in UTC. */
const Bound = spelled(
  single.transform((value, context): string => {
    const instant = Instant.safeParse(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
    if (instant.success) return instant.data;
    const message =
      'must be a date or an RFC 3339 instant between the years 2000 and 2199, with + written as %2B';
    context.issues.push({ code: 'custom', message, input: value });
    return z.NEVER;
  }),
  z.union([z.iso.date(), z.iso.datetime({ offset: true })]),
);

/** Rows of a page: 1 to 200 in plain decimal digits. */
function pageLimit(standard: number) {
  const limit = single
    .regex(/^([1-9]|[1-9][0-9]|1[0-9]{2}|200)$/, 'must be between 1 and 200')
    .transform(Number)
    .default(standard);
  return spelled(limit, z.int().min(1).max(200).default(standard));
}

/** Words of which each must stand in the problem's title or id, in any order and case. */
const Search = text(100, 1).refine((words) => words.trim() !== '', 'must not be blank');

/** Statuses that a history can be filtered by: those of the lifecycle, and what came of a task's results. */
const StatusFilter = z.enum([...TaskStatus.options, ...TaskResult.options]);
export type StatusFilter = z.infer<typeof StatusFilter>;

const filters = {
  module: anyOf(Module.options, Module).optional(),
  /** `solved`: score 1; `attempted`: a result below that. Both whatever the status of the task is. */
  status: anyOf(StatusFilter.options, StatusFilter).optional(),
  difficulty: anyOf(DIFFICULTIES).optional(),
  kind: anyOf(TaskKind.options, TaskKind).optional(),
  topic: Topics.optional(),
  path_id: spelled(
    single.refine((id) => Id.safeParse(id).success, 'must be an id'),
    Id,
  ).optional(),
  track_id: spelled(single.pipe(TrackId), TrackId).optional(),
  /** Inclusive bound on `scheduled_at`. */
  from: Bound.optional(),
  /** Exclusive bound on `scheduled_at`. */
  to: Bound.optional(),
  q: spelled(single.pipe(Search), Search).optional(),
};

const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }) =>
  from === undefined || to === undefined || from < to;
const OUT_OF_ORDER = { path: ['to'], message: 'must be later than from' };

/** Which tasks of a history are meant; a repeated filter means "any of", different filters must all hold. */
export const TaskFilters = z.strictObject(filters).refine(inOrder, OUT_OF_ORDER);
export type TaskFilters = z.infer<typeof TaskFilters>;

const page = { limit: pageLimit(50), cursor: single.optional() };

const Order = z.enum(['desc', 'asc']);
const Replanned = z.enum(['replanned'], { error: 'must be replanned' });

/** Query of `GET /v1/study-tasks`; `order` is that of `scheduled_at`. */
export const ListTasks = z
  .strictObject({
    ...filters,
    ...page,
    order: spelled(single.pipe(Order), Order).default('desc'),
    /** Tasks, too, that a change of the path's config has replaced before they were started. */
    include: spelled(single.pipe(Replanned), Replanned).optional(),
  })
  .refine(inOrder, OUT_OF_ORDER);
export type ListTasks = z.infer<typeof ListTasks>;

/** Query of `GET /v1/study-paths`. */
export const ListPaths = z.strictObject(page);
export type ListPaths = z.infer<typeof ListPaths>;

/** Query of `GET /v1/study-tasks/{id}/events`. */
export const ListEvents = z.strictObject({ ...page, limit: pageLimit(200) });
export type ListEvents = z.infer<typeof ListEvents>;

const nextCursor = z.string().nullable();

/** A task as lists show it. */
export const ListedTask = Task.extend({
  /** Of the problem, as the bank has it now; null for one that it does not know, and while it is out of reach. */
  title: z.string().nullable(),
});
export type ListedTask = z.infer<typeof ListedTask>;

/** Answers of the lists; `next_cursor` is null on the last page. */
export const TaskPage = z.object({ data: z.array(ListedTask), next_cursor: nextCursor });
export type TaskPage = z.infer<typeof TaskPage>;
export const PathPage = z.object({ data: z.array(StudyPath), next_cursor: nextCursor });
export type PathPage = z.infer<typeof PathPage>;
export const EventPage = z.object({ data: z.array(TaskEvent), next_cursor: nextCursor });
export type EventPage = z.infer<typeof EventPage>;

/** A hint as its learner reads it again. The last three are null while the stream runs or was not recorded. */
export const GivenHint = z.object({
  hint_id: z.string(),
  /** Its `hint_requested` in the task's events. */
  seq: z.int().min(1),
  level: z.int().min(1),
  /** When the tutor began to answer. */
  at: Timestamp,
  outcome: StreamOutcome.nullable(),
  question: z.string().nullable(),
  /** What the tutor said, put together from its stream. */
  text: z.string().nullable(),
});
export type GivenHint = z.infer<typeof GivenHint>;

/** Query of `GET /v1/study-tasks/{id}/hints`. */
export const ListHints = z.strictObject({ ...page, limit: pageLimit(100) });
export type ListHints = z.infer<typeof ListHints>;

/** Answer of `GET /v1/study-tasks/{id}/hints`, in the order in which they were given. */
export const HintList = z.object({ data: z.array(GivenHint), next_cursor: nextCursor });
export type HintList = z.infer<typeof HintList>;

/** A judging with the learner's own code, for its owner alone. */
export const EvaluationWithCode = Evaluation.extend({ code: z.string() });
export type EvaluationWithCode = z.infer<typeof EvaluationWithCode>;

/**
 * Answer of `GET /v1/study-tasks/{id}`. `problem` is null while the bank is out of reach; `evaluations` are the newest
 * 50 judgings, newest first; `events` the newest 50 and `hints` the newest 100 in the order of `seq`.
 */
export const TaskDetail = z.object({
  task: Task,
  problem: Problem.nullable(),
  evaluations: z.array(EvaluationWithCode),
  events: z.array(TaskEvent),
  hints: z.array(GivenHint),
});
export type TaskDetail = z.infer<typeof TaskDetail>;

import { sql } from 'drizzle-orm';
import type { Task } from '#contract/tasks.ts';
import { type CalendarRule, dueDayOf } from '#domain/calendar.ts';
import type { Change, LoggedReview } from '#domain/reviews/grade.ts';
import type { Database } from '../db/client.ts';
import { appendEvents, type EventParams, lockedTask, taskJson } from '../db/fragments.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { param, statement } from '../db/statement.ts';

/** A task with its newest review, null without any. */
export type GradeRecord = {
  task: Task;
  config: unknown;
  calendar: CalendarRule | null;
  review: LoggedReview | null;
};

const findReview = statement<{ learner_id: string; task_id: string }, GradeRecord>(
  'find-review',
  'read',
  sql`select ${taskJson('t')} as task, p.config, ${calendarOfLearner(sql`p.user_id`)} as calendar, case when l.id is not null then jsonb_build_object(
      'id', l.id, 'seq', l.seq, 'log', l.log, 'undone', l.undone_at is not null,
      'evidence', (select e.log from review_log e where e.task_id = t.id and e.log->>'source' = 'evidence'
        order by e.seq desc limit 1),
      'card_version', coalesce(q.version, 0), 'card', q.state, 'card_task_id', q.task_id,
      'last_seq', (select max(m.seq) from review_log m where m.user_id = p.user_id and m.problem_id = t.problem_id),
      'newer', exists (select 1 from review_log m where m.user_id = p.user_id and m.problem_id = t.problem_id
        and m.seq > l.seq and m.undone_at is null)) end as review
  from study_tasks t join study_paths p on p.id = t.path_id
  left join lateral (select * from review_log x where x.task_id = t.id order by x.seq desc limit 1) l on true
  left join review_queue q on q.user_id = p.user_id and q.problem_id = t.problem_id
  where t.id = ${param('task_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns undefined when the task is not the learner's. */
export async function taskReview(
  db: Database,
  learnerId: string,
  taskId: string,
): Promise<GradeRecord | undefined> {
  const [row] = await db.query(findReview, { learner_id: learnerId, task_id: taskId });
  return row;
}

/** A decision, and the review that it was made on: that one counts as undone from now on. */
type GradeWrite = Change & { review: LoggedReview };

type WriteParams = EventParams & {
  learner_id: string;
  task_id: string;
  review_id: string;
  card_version: number;
  seq: number;
  state: string | null;
  due_day: string | null;
  log: string | null;
  rule_version: number;
  event_type: string;
  payload: string;
};

const state = param('state', 'jsonb');
const log = param('log', 'jsonb');
const now = param('now', 'timestamptz');
const payload = param('payload', 'jsonb');
const cardVersion = param('card_version', 'integer');

// The card's row is what the event says of it; it belongs to the task's path, as after every review.
const writeGrade = statement<WriteParams, { task: Task }>(
  'write-grade',
  'write',
  sql`with ${lockedTask}, card as materialized (
    select q.* from review_queue q join locked on q.user_id = locked.learner_id and q.problem_id = locked.problem_id
    for update of q
  ), changed as (
    update study_tasks t set version = t.version + 1 from locked
    where t.id = locked.id and coalesce((select version from card), 0) = ${cardVersion}
    returning t.*, locked.learner_id
  ), undone as (
    update review_log l set undone_at = ${now} from changed
    where l.id = ${param('review_id', 'uuid')} and l.task_id = changed.id and l.undone_at is null
  ), reviewed as (
    insert into review_log (user_id, problem_id, task_id, seq, log, created_at)
    select learner_id, problem_id, id, ${param('seq', 'integer')}, ${log}, ${now} from changed where ${log} is not null
  ), kept as (
    insert into review_queue as q (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, task_id,
      rule_version, version, updated_at)
    select learner_id, problem_id, path_id, module, topic_tags, difficulty, ${param('due_day', 'date')}, ${state},
      (${payload}->>'ready_task_id')::uuid, ${param('rule_version', 'integer')}, (${payload}->>'card_version')::integer, ${now}
    from changed where ${state} is not null
    on conflict (user_id, problem_id) do update set path_id = excluded.path_id, module = excluded.module,
      topic_tags = excluded.topic_tags, difficulty = excluded.difficulty, due_day = excluded.due_day, state = excluded.state,
      task_id = excluded.task_id, rule_version = excluded.rule_version, version = excluded.version,
      updated_at = excluded.updated_at
  ), forgotten as (
    delete from review_queue q using changed
    where ${state} is null and q.user_id = changed.learner_id and q.problem_id = changed.problem_id
  ), logged as (${appendEvents(sql`select id as task_id, version as seq, ${param('event_type', 'text')} as event_type,
    ${payload} as payload from changed`)})
  select ${taskJson('changed')} as task from changed`,
);

/**
 * Replaces or undoes the newest review of a task, with its event, if the card is still as the decision saw it.
 * @returns the task after it, undefined when card or task have changed meanwhile.
 */
export async function storeGrade(
  db: Database,
  learnerId: string,
  taskId: string,
  { review, state: after, log: entry, fact, ...stamp }: EventParams & GradeWrite,
): Promise<Task | undefined> {
  const [row] = await db.query(writeGrade, {
    ...stamp,
    learner_id: learnerId,
    task_id: taskId,
    review_id: review.id,
    card_version: review.card_version,
    seq: review.last_seq + 1,
    state: after === null ? null : JSON.stringify(after),
    due_day: after === null ? null : dueDayOf(after),
    log: entry === null ? null : JSON.stringify(entry),
    rule_version: fact.payload.rule_version,
    event_type: fact.event_type,
    payload: JSON.stringify(fact.payload),
  });
  return row?.task;
}

import { sql } from 'drizzle-orm';
import type { CurrentPath, PathConfig, StudyPath } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { type LearnerFacts, NOTHING_KNOWN } from '#domain/learning/facts.ts';
import type { CalendarFact } from '#domain/progress/practice.ts';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import type { TimeKey } from '../crypto/cursor-page.ts';
import type { Database } from '../db/client.ts';
import { appendPathEvents, type EventParams, pathJson, taskJson } from '../db/fragments.ts';
import { isRefused, unlessRefused } from '../db/guard.ts';
import { calendarFacts, practisedDays } from '../db/learner-day.ts';
import { learnerFacts } from '../db/learning.ts';
import { givenTasks } from '../db/new-tasks.ts';
import { param, statement, step } from '../db/statement.ts';
import type { Stamp } from '../db/task-rows.ts';
import { eventParams } from '../events/params.ts';

type CreateParams = EventParams & { learner_id: string; path_id: string; track_id: string; config: string };

const learnerId = param('learner_id', 'text');
const pathId = param('path_id', 'uuid');
const now = param('now', 'timestamptz');

// The day is planned when it is for the learner's other paths: their reviews follow into this one.
const insertPath = statement<CreateParams, never>(
  'insert-path',
  'write',
  sql`insert into study_paths (id, user_id, track_id, config, created_at, updated_at, last_request_at, planned_at)
    values (${pathId}, ${learnerId}, ${param('track_id', 'text')}, ${param('config', 'jsonb')}, ${now}, ${now}, ${now},
      coalesce((select max(other.planned_at) from study_paths other where other.user_id = ${learnerId}), ${now}))`,
);

const logPath = statement<CreateParams, never>(
  'log-path',
  'write',
  appendPathEvents(sql`select p.id as path_id, 'path_created' as event_type,
    jsonb_build_object('track_id', p.track_id, 'config', p.config) as payload from study_paths p where p.id = ${pathId}`),
);

/** A path with its tasks in order, those scheduled earliest first. */
export type CreatedPath = { path: StudyPath; tasks: Task[] };

const findCreated = statement<{ learner_id: string; path_id: string }, CreatedPath>(
  'find-created-path',
  'read',
  sql`select ${pathJson('p')} as path,
    (select coalesce(jsonb_agg(${taskJson('t')} order by t.scheduled_at, t.id), '[]')
     from study_tasks t where t.path_id = p.id) as tasks
  from study_paths p where p.id = ${pathId} and p.user_id = ${learnerId}`,
);

/** Stores a path with its first tasks, all or none; a repeat with the same ids returns what is there. */
export async function storePath(
  db: Database,
  learner: string,
  path: { id: string; track_id: string; config: PathConfig },
  tasks: readonly TaskSeed[],
  stamp: Stamp,
): Promise<CreatedPath | undefined> {
  const owned = { learner_id: learner, path_id: path.id };
  const { track_id, config } = path;
  const params = { ...owned, track_id, config: JSON.stringify(config), ...eventParams(stamp) };
  const steps = [step(insertPath, params), step(logPath, params), ...givenTasks(tasks, path, stamp)];
  const rows = await unlessRefused(
    db.transact({ name: 'create-path', effect: 'idempotent' }, steps, [step(findCreated, owned)]),
  );
  if (!isRefused(rows)) return rows[0][0];
  const [found] = await db.query(findCreated, owned);
  return found;
}

/** `days` and `calendars` are what the learner's practice is made of; `version` is the path's. */
type CurrentRecord = Omit<CurrentPath, 'practice'> & {
  version: number;
  calendars: CalendarFact[];
  days: { date: string }[];
};

// `least` skips nulls: least(1, null) is 1, so that nothing judged must not come to it.
const findCurrentPath = statement<{ learner_id: string; track_id: string | null }, CurrentRecord>(
  'find-current-path',
  'read',
  sql`select ${pathJson('p')} as path, p.plan_version as version, (
    select jsonb_build_object('tasks', coalesce(sum(tasks), 0), 'by_status', jsonb_build_object(
        'scheduled', coalesce(sum(scheduled), 0), 'in_progress', coalesce(sum(in_progress), 0),
        'completed', coalesce(sum(completed), 0), 'skipped', coalesce(sum(skipped), 0),
        'expired', coalesce(sum(expired), 0)),
      'solved', coalesce(sum(solved), 0), 'attempted', coalesce(sum(judged) - sum(solved), 0),
      'accuracy', sum(solved)::double precision / nullif(sum(judged), 0),
      'mean_score', case when sum(judged) > 0
        then least(1, sum(score_sum) / sum(judged))::double precision end,
      'hints_used', coalesce(sum(hints_used), 0), 'time_spent_seconds', coalesce(sum(time_spent_seconds), 0))
    from progress_counters where path_id = p.id and scope = 'module') as progress,
    ${calendarFacts(sql`p.user_id`)} as calendars, ${practisedDays(sql`p.user_id`)} as days
  from study_paths p
  where p.user_id = ${param('learner_id', 'text')}
    and (${param('track_id', 'text')} is null or p.track_id = ${param('track_id', 'text')})
  order by p.created_at desc, p.id desc limit 1`,
);

/** @returns the learner's newest path (of that track) with its figures and version, undefined when there is none. */
export async function currentPath(db: Database, learnerId: string, trackId: string | null) {
  const [row] = await db.query(findCurrentPath, { learner_id: learnerId, track_id: trackId });
  return row;
}

type ListParams = { learner_id: string; after_at: string; after_id: string; limit: number };

/** Behind every path: a first page is a page like any other, with the same plan. */
const NEWEST: TimeKey = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

const listPathsStatement = statement<ListParams, { paths: StudyPath[] }>(
  'list-paths',
  'read',
  sql`select coalesce(jsonb_agg(${pathJson('p')} order by p.created_at desc, p.id desc), '[]') as paths
  from (select * from study_paths
        where user_id = ${param('learner_id', 'text')}
          and (created_at, id) < (${param('after_at', 'timestamptz')}, ${param('after_id', 'uuid')})
        order by created_at desc, id desc limit ${param('limit', 'integer')}) p`,
);

/** @returns up to `limit` paths of the learner that are older than `after`, newest first. */
export async function listPaths(
  db: Database,
  learnerId: string,
  page: { after: TimeKey | null; limit: number },
): Promise<StudyPath[]> {
  const [after_at, after_id] = page.after ?? NEWEST;
  const params = { learner_id: learnerId, after_at, after_id, limit: page.limit };
  const [row] = await db.query(listPathsStatement, params);
  return row?.paths ?? [];
}

const findLearner = statement<{ learner_id: string; now: string }, { facts: LearnerFacts }>(
  'find-learner-facts',
  'read',
  sql`select ${learnerFacts(param('learner_id', 'text'))} as facts`,
);

/** What the learner knows and has done, in all paths. */
export async function learnerRecord(db: Database, learnerId: string, now: string): Promise<LearnerFacts> {
  const [row] = await db.query(findLearner, { learner_id: learnerId, now });
  return row?.facts ?? NOTHING_KNOWN;
}

import { sql } from 'drizzle-orm';
import type { MasteryState } from '#contract/learning.ts';
import type { Counters, PractisedDay, ReadyReviews } from '#domain/progress/figures.ts';
import type { CalendarFact } from '#domain/progress/practice.ts';
import type { ReviewRecord } from '#domain/reviews/figures.ts';
import type { Database } from '../db/client.ts';
import { calendarFacts, practisedDays } from '../db/learner-day.ts';
import { reviewsOf } from '../db/reviews.ts';
import { param, statement } from '../db/statement.ts';

/** Everything that progress is made of, for one path. */
export type ProgressRecord = {
  /** What the learner's paths say of the calendar, as they said it. */
  calendars: CalendarFact[];
  modules: Counters[];
  topics: Counters[];
  /** The learner's, over all paths. */
  mastery: Record<string, Pick<MasteryState, 'rating' | 'n' | 'reason'>>;
  /** The learner's, of all paths, ascending. */
  days: PractisedDay[];
  reviews: ReadyReviews[];
  /** Of the learner's newest path, as stored. */
  config: unknown;
  /** The learner's cards and their log, of all paths. */
  memory: ReviewRecord;
};

/** Topic tags in one answer: a batch may bring tags of its own, and nobody reads more. */
export const TOPICS = 200;

const countersJson = sql`jsonb_build_object('name', c.name, 'tasks', c.tasks, 'scheduled', c.scheduled,
  'in_progress', c.in_progress, 'completed', c.completed, 'skipped', c.skipped, 'expired', c.expired,
  'judged', c.judged, 'first_results', c.first_results, 'solved_first', c.solved_first, 'solved', c.solved, 'score_sum', c.score_sum,
  'hints_used', c.hints_used, 'time_spent_seconds', c.time_spent_seconds,
  'problems_tried', c.problems_tried, 'problems_solved', c.problems_solved)`;

const now = param('now', 'timestamptz');

// Reviews without a noted day are put together by quarters of an hour, at which every zone's days begin; what is older
// than any beginning of today is one figure.
const findProgress = statement<{ learner_id: string; path_id: string; now: string }, ProgressRecord>(
  'find-progress',
  'read',
  sql`select ${calendarFacts(sql`p.user_id`)} as calendars,
    (select coalesce(jsonb_agg(${countersJson}), '[]') from progress_counters c
     where c.path_id = p.id and c.scope = 'module' and c.tasks > 0) as modules,
    (select coalesce(jsonb_agg(${countersJson} order by c.tasks desc, c.name), '[]')
     from (select * from progress_counters x where x.path_id = p.id and x.scope = 'topic' and x.tasks > 0
           order by x.tasks desc, x.name limit ${sql.raw(String(TOPICS))}) c) as topics,
    (select coalesce(jsonb_object_agg(k.topic, jsonb_build_object('rating', k.rating, 'n', k.n, 'reason', k.reason)), '{}')
     from mastery k where k.user_id = p.user_id) as mastery,
    ${practisedDays(sql`p.user_id`)} as days,
    (select coalesce(jsonb_agg(r), '[]')
     from (select t.metadata->>'review_day' as day, date_bin('15 minutes', greatest(t.scheduled_at,
             ${now} - interval '2 days'), '2000-01-01T00:00:00Z') as at, count(*)::integer as reviews
           from study_tasks t
           where t.path_id = p.id and t.status = 'scheduled' and t.kind = 'review'
             and t.scheduled_at < ${now} + interval '9 days'
           group by 1, 2) r) as reviews,
    (select n.config from study_paths n where n.user_id = p.user_id
     order by n.created_at desc, n.id desc limit 1) as config, ${reviewsOf(sql`p.user_id`)} as memory
  from study_paths p
  where p.id = ${param('path_id', 'uuid')} and p.user_id = ${param('learner_id', 'text')}`,
);

/** @returns undefined when the path is not the learner's. */
export async function progressRecord(
  db: Database,
  learnerId: string,
  pathId: string,
  now: string,
): Promise<ProgressRecord | undefined> {
  const [row] = await db.query(findProgress, { learner_id: learnerId, path_id: pathId, now });
  return row;
}

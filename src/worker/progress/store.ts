import { sql } from 'drizzle-orm';
import type { MasteryState } from '#contract/learning.ts';
import type { Database } from '../db/client.ts';
import { param, statement } from '../db/statement.ts';
import { type ReviewRecord, reviewsOf } from '../reviews/index.ts';
import type { Counters, DueReviews, PracticeMonth } from './domain.ts';

/** Everything that progress is made of, for one path. */
export type ProgressRecord = {
  /** Null in a path whose config does not name one. */
  time_zone: string | null;
  modules: Counters[];
  topics: Counters[];
  /** The learner's, over all paths. */
  mastery: Record<string, Pick<MasteryState, 'rating' | 'n' | 'reason'>>;
  months: PracticeMonth[];
  reviews: DueReviews[];
  /** The path's, as stored. */
  config: unknown;
  /** The learner's cards and their log, of all paths. */
  memory: ReviewRecord;
};

/** Topic tags in one answer: a batch may bring tags of its own, and nobody reads more. */
export const TOPICS = 200;

const countersJson = sql`jsonb_build_object('name', c.name, 'tasks', c.tasks, 'scheduled', c.scheduled,
  'in_progress', c.in_progress, 'completed', c.completed, 'skipped', c.skipped, 'expired', c.expired,
  'judged', c.judged, 'solved_first', c.solved_first, 'solved', c.solved, 'score_sum', c.score_sum,
  'hints_used', c.hints_used, 'time_spent_seconds', c.time_spent_seconds,
  'problems_completed', c.problems_completed)`;

const now = param('now', 'timestamptz');

// Local days of reviews are found by quarters of an hour, as those of practice; what is older than any beginning of
// today is one figure. bit_send() is PostgreSQL's own door from bits to bytes: four bytes of length, then the bits.
const findProgress = statement<{ learner_id: string; path_id: string; now: string }, ProgressRecord>(
  'find-progress',
  'read',
  sql`select p.config->>'time_zone' as time_zone,
    (select coalesce(jsonb_agg(${countersJson}), '[]') from progress_counters c
     where c.path_id = p.id and c.scope = 'module' and c.tasks > 0) as modules,
    (select coalesce(jsonb_agg(${countersJson} order by c.tasks desc, c.name), '[]')
     from (select * from progress_counters x where x.path_id = p.id and x.scope = 'topic' and x.tasks > 0
           order by x.tasks desc, x.name limit ${sql.raw(String(TOPICS))}) c) as topics,
    (select coalesce(jsonb_object_agg(k.topic, jsonb_build_object('rating', k.rating, 'n', k.n, 'reason', k.reason)), '{}')
     from mastery k where k.user_id = p.user_id) as mastery,
    (select coalesce(jsonb_agg(jsonb_build_object('month', m.month,
       'slots', encode(substring(bit_send(m.slots) from 5), 'hex'))), '[]')
     from practice_months m where m.path_id = p.id) as months,
    (select coalesce(jsonb_agg(jsonb_build_object('at', extract(epoch from r.at) * 1000, 'reviews', r.reviews)), '[]')
     from (select date_bin('15 minutes', greatest(t.scheduled_at, ${now} - interval '2 days'),
             '2000-01-01T00:00:00Z') as at, count(*) as reviews
           from study_tasks t
           where t.path_id = p.id and t.status = 'scheduled' and t.kind = 'review'
             and t.scheduled_at < ${now} + interval '9 days'
           group by 1) r) as reviews,
    p.config, ${reviewsOf(sql`p.user_id`)} as memory
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

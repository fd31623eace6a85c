import { type SQL, sql } from 'drizzle-orm';
import type { ReviewProgress } from '#contract/reviews.ts';
import { keyOf } from '#domain/calendar.ts';
import { param } from '../db/statement.ts';
import { planFrom } from './plan.ts';
import { forecastReviews } from './review-rules-forecast.ts';
import { type RetentionEntry, trueRetention } from './review-rules-retention.ts';
import { type PlanRecord, planOf } from './store-due.ts';

/** Reviews that retention is counted over, the newest: a year of them at more than a dozen a day. */
const MOST_REVIEWS = 5000;

/** No zone's date is further ahead or back than a day. */
const todayUtc = sql`(${param('now', 'timestamptz')} at time zone 'UTC')::date`;

/** What the figures of a learner's reviews are made of. */
export type ReviewRecord = {
  /** Cards by the day on which they fall due, up to a day after today's date in UTC. */
  due: { day: string; cards: number }[];
  plan: PlanRecord;
  log: RetentionEntry[];
};

/** `ReviewRecord` of a learner as JSON. Parameter: `now`. */
export function reviewsOf(learner: SQL): SQL {
  return sql`jsonb_build_object(
    'due', (select coalesce(jsonb_agg(d), '[]') from (
      select greatest(q.due_day, ${todayUtc} - 2) as day, count(*)::integer as cards from review_queue q
      where q.user_id = ${learner} and q.due_day <= ${todayUtc} + 1 group by 1) d),
    'plan', ${planOf(learner)},
    'log', (select coalesce(jsonb_agg(jsonb_build_object('problem_id', l.problem_id, 'grade', l.log->'grade',
        'reviewed_at', l.log->'reviewed_at', 'day', last_day_of(l.log->'after'), 'before',
        jsonb_build_object('scheduled_days', l.log->'before'->'scheduled_days'))), '[]')
      from (select * from review_log x
            where x.user_id = ${learner} and x.undone_at is null and jsonb_typeof(x.log->'before') = 'object'
            order by x.created_at desc limit ${sql.raw(String(MOST_REVIEWS))}) l))`;
}

/**
 * Forecast and true retention of a learner's reviews.
 * @param config of the learner's newest path, as stored: its cap and its calendar count.
 */
export function reviewFigures(record: ReviewRecord, config: unknown, now: string): ReviewProgress {
  const { items, options, today } = planFrom(record.plan, config, now);
  const { overdue, days, spans } = forecastReviews(items, options);
  return {
    due_now: record.due.reduce((sum, { day, cards }) => (day <= today ? sum + cards : sum), 0),
    forecast: {
      overdue,
      days: days.map(({ day, due, planned, backlog }) => ({ date: keyOf(day), due, planned, backlog })),
      spans,
    },
    retention: trueRetention(record.log, today),
  };
}

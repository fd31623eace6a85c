import { randomUUID } from 'node:crypto';
import type { ReviewGrade, ReviewLog, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { CalendarRule } from '#domain/calendar.ts';
import { momentOf, review, reviewParams } from '#domain/reviews/fsrs.ts';

export const DAY = 86_400_000;
export const PARAMS = reviewParams(0.9);

/** How this database is asked: a pool, a client or the Neon endpoint. */
export type Rows = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** A card as a history of grades leaves it, each at its own instant, with the log of its reviews. */
export function cardOf(
  history: readonly (readonly [ReviewGrade, string])[],
  rule?: CalendarRule,
): {
  state: ReviewState;
  logs: ReviewLog[];
} {
  const logs: ReviewLog[] = [];
  let state: ReviewState | null = null;
  for (const [grade, at] of history) {
    const next = review(state, grade, momentOf(at, rule), PARAMS);
    state = next.state;
    logs.push(next.log);
  }
  if (state === null) throw new RangeError('a card needs a review');
  return { state, logs };
}

export async function seedPath(rows: Rows, learner: string, config: object = {}): Promise<string> {
  const id = randomUUID();
  await rows('insert into study_paths (id, user_id, config) values ($1, $2, $3)', [
    id,
    learner,
    JSON.stringify(PathConfig.parse(config)),
  ]);
  return id;
}

/** Cards of one learner in one path, with no task. */
export async function seedCards(
  rows: Rows,
  learner: string,
  path: string,
  cards: readonly { problem_id: string; state: ReviewState }[],
): Promise<void> {
  await rows(
    `insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, rule_version,
       updated_at)
     select $1, c->>'problem_id', $2, 'hashing', '{hash-map}', 2,
       last_day_of(c->'state') + (c->'state'->>'scheduled_days')::integer, c->'state', 1, now()
     from jsonb_array_elements($3::jsonb) c`,
    [learner, path, JSON.stringify(cards)],
  );
}

/** A finished problem of the learner, and the reviews of the card that it made; the last one belongs to the task. */
export async function seedReviews(
  rows: Rows,
  learner: string,
  path: string,
  problem: string,
  logs: readonly ReviewLog[],
): Promise<string> {
  const [id, state] = [randomUUID(), logs.at(-1)?.after];
  if (state === undefined) throw new RangeError('a card needs a review');
  await rows(
    `with task as (
       insert into study_tasks (id, path_id, kind, problem_id, module, difficulty, scheduled_at, started_at,
         completed_at, expires_at, status, score)
       select made, $2, 'review', $3, 'hashing', 2, $5, $5, $5, '2099-01-01', 'completed', 1
       from unnest(array[$1::uuid, gen_random_uuid()]) made
       returning id
     ), event as (
       insert into task_events (task_id, seq, event_type, payload, actor, occurred_at, created_at)
       select id, 1, 'metadata_changed', '{"metadata": {}}', '{"type": "learner"}', $5, $5 from task
     ), log as (
       insert into review_log (user_id, problem_id, task_id, seq, log, created_at)
       select $4, $3, (select id from task where (id = $1) = (place = jsonb_array_length($6))), place, entry, $5
       from jsonb_array_elements($6::jsonb) with ordinality as l(entry, place)
     )
     insert into review_queue (user_id, problem_id, path_id, module, difficulty, due_day, state, rule_version, updated_at)
     values ($4, $3, $2, 'hashing', 2, last_day_of($7::jsonb) + ($7::jsonb->>'scheduled_days')::integer, $7, 1, $5)`,
    [id, path, problem, learner, state.last_review, JSON.stringify(logs), JSON.stringify(state)],
  );
  return id;
}

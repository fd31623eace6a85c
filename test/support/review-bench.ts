import { randomUUID } from 'node:crypto';
import type { ReviewGrade, ReviewLog, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import { review, reviewParams } from '#worker/reviews/fsrs.ts';

export const DAY = 86_400_000;
export const PARAMS = reviewParams(0.9);

/** How this database is asked: a pool, a client or the Neon endpoint. */
export type Rows = (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/** A card as a history of grades leaves it, each at its own instant, with the log of its reviews. */
export function cardOf(history: readonly (readonly [ReviewGrade, string])[]): {
  state: ReviewState;
  logs: ReviewLog[];
} {
  const logs: ReviewLog[] = [];
  let state: ReviewState | null = null;
  for (const [grade, at] of history) {
    const next = review(state, grade, at, PARAMS);
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
    `insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due, state, rule_version,
       updated_at)
     select $1, c->>'problem_id', $2, 'hashing', '{hash-map}', 2, (c->'state'->>'due')::timestamptz, c->'state', 1, now()
     from jsonb_array_elements($3::jsonb) c`,
    [learner, path, JSON.stringify(cards)],
  );
}
